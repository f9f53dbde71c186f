declare namespace Cloudflare {
  interface GlobalProps {
    /** gives `exports` of cloudflare:workers its type */
    mainModule: typeof import("./index.ts");
  }
}
