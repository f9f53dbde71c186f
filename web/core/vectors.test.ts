import { describeVectors } from "./vectors-suite.test-kit.ts";

describeVectors("Node", crypto.subtle);
