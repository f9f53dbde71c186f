import { describeVectors } from "./vectors-suite.test-kit.ts";

describeVectors("Chromium", crypto.subtle);
