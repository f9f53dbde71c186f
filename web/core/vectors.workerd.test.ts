import { describeVectors } from "./vectors-suite.test-kit.ts";

describeVectors("workerd", crypto.subtle);
