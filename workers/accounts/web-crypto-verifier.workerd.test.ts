import { describeVerifier } from "../protocol/signing-suite.test-kit.ts";
import { webCryptoVerifier } from "./web-crypto-verifier.ts";

describeVerifier("WebCrypto of workerd", webCryptoVerifier);
