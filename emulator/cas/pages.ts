/** A hidden input: name and value. */
export type Hidden = readonly [name: string, value: string];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

export function page(title: string, content: string): string {
  const head = `<head><meta charset="UTF-8"><title>${escapeHtml(title)}</title></head>`;
  return `<!DOCTYPE html>\n<html lang="en">${head}\n<body>\n${content}\n</body></html>\n`;
}

export function hiddenInputs(fields: readonly Hidden[]): string {
  return fields
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}"/>`)
    .join("\n");
}

interface LoginPage {
  action: string;
  hidden: readonly Hidden[];
  message: string | undefined;
  /** Whether it asks for the letters of a picture too. */
  captcha: boolean;
}

const CAPTCHA = `<label for="captcha">Verification code</label>
<img src="/cas/captcha" alt="Letters to type"/>
<input id="captcha" name="captcha" type="text" value="" autocomplete="off" required/>
`;

export function loginPage({ action, hidden, message, captcha }: LoginPage): string {
  const notice = message === undefined ? "" : `<div id="msg" class="errors">${escapeHtml(message)}</div>\n`;
  return page(
    "Login - CAS",
    `<form id="fm1" method="post" action="${escapeHtml(action)}">
${notice}<label for="username">Username</label>
<input id="username" name="username" type="text" value="" autocomplete="off"/>
<label for="password">Password</label>
<input id="password" name="password" type="password" value="" autocomplete="off"/>
${captcha ? CAPTCHA : ""}${hiddenInputs(hidden)}
<input name="submit" type="submit" value="Login"/>
</form>`,
  );
}

/** A page that only says something: a title, and a sentence about it. */
export function messagePage(title: string, sentence: string): string {
  return page(title, `<h2>${escapeHtml(title)}</h2>\n<p>${sentence}</p>`);
}

export function loggedInPage(): string {
  return messagePage(
    "Log In Successful",
    "You have successfully logged into the Central Authentication Service.",
  );
}

export function loggedOutPage(): string {
  return messagePage(
    "Logout successful",
    "You have successfully logged out of the Central Authentication Service.",
  );
}

export function confirmLogoutPage(fields: readonly Hidden[]): string {
  return page(
    "Confirm Logout",
    `<h2>Do you want to log out completely?</h2>
<form id="fm1" method="post" action="/cas/logout">
${hiddenInputs(fields)}
<input name="submit" type="submit" value="Logout"/>
</form>`,
  );
}

export function unregisteredPage(): string {
  return messagePage("Application Not Authorized to Use CAS", "The application is not registered.");
}

export function deniedPage(): string {
  const title = "Service access denied due to missing privileges";
  return messagePage(title, "You lack an attribute that the application requires.");
}

export function lockedPage(title: string): string {
  return messagePage(title, "The administrator can help.");
}

export function failurePage(): string {
  return messagePage("CAS is Unavailable", "The request can't be handled.");
}
