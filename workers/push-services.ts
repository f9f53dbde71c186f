/** Push services of the browsers; further ones are named by the setting PUSH_HOSTS. */
const KNOWN: readonly string[] = [
  "fcm.googleapis.com",
  "updates.push.services.mozilla.com",
  "web.push.apple.com",
];

/** Windows gives each of its regions a host of its own. */
const WINDOWS = /^[a-z0-9-]+\.notify\.windows\.com$/;

const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** PUSH_HOSTS: host names, separated by commas. Throws RangeError for anything else. */
export function parsePushHosts(text: string): readonly string[] {
  const hosts = text
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "");
  for (const host of hosts) {
    const address = `https://${host}/`;
    const isHost = /^([a-z0-9.-]+|\[[0-9a-f:]+\])$/.test(host) && URL.canParse(address);
    if (!isHost || new URL(address).hostname !== host) throw new RangeError(host);
  }
  return hosts;
}

/**
 * Whether this address is one of a push service, looked at before it is kept and again before anything is sent there:
 * what somebody names here is what the server calls. `more`: hosts of PUSH_HOSTS; loopback ones, which only tests have
 * there, may be asked without TLS and at any port.
 */
export function isPushService(endpoint: string, more: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname, port, username, password, hash } = new URL(endpoint);
  if (username !== "" || password !== "" || hash !== "") return false;
  if (LOOPBACK.includes(hostname)) {
    return more.includes(hostname) && (protocol === "http:" || protocol === "https:");
  }
  if (protocol !== "https:" || port !== "") return false;
  return KNOWN.includes(hostname) || more.includes(hostname) || WINDOWS.test(hostname);
}
