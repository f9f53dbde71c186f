/** The part of Trusted Types in use; lib.dom does not have it yet. */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): URL };
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;

const policy = factory?.createPolicy("thyme", {
  // Only the app's own built scripts may become workers (CSP: require-trusted-types-for 'script').
  createScriptURL(url: string) {
    if (new URL(url, location.origin).origin === location.origin) return url;
    throw new TypeError("scripts come from this origin only");
  },
});

/** A script URL that the page's Trusted Types policy vouches for. */
export const trustedScriptUrl = (url: string): string | URL =>
  policy ? policy.createScriptURL(url) : url;
