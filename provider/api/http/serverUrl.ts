/** What is wrong with the address of a server: it has to be https, or http where nobody else can listen. */
export function serverUrlProblem(value: string, example: string): string | undefined {
  const url = /[\s\p{Cc}]/u.test(value) || !URL.canParse(value) ? undefined : new URL(value);
  if (!url || !["https:", "http:"].includes(url.protocol)) return `must be an https URL, such as ${example}`;
  if (url.username || url.password) return `must not hold a user name or password; write ${example}`;
  if (/[?#]/.test(value)) return `must not have a query or fragment; write ${example}`;
  if (!isDecodable(url.pathname)) return `must not hold a stray %; write ${example}`;
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === "https:" || loopback
    ? undefined
    : "must use https (http is allowed only for loopback addresses)";
}

export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/$/, "");
}

/** Whether the percent-encoding in a URL can be decoded. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
