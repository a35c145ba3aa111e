/** A hidden input: name and value. */
export type Hidden = readonly [name: string, value: string];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function page(title: string, content: string): string {
  const head = `<head><meta charset="UTF-8"><title>${escapeHtml(title)}</title></head>`;
  return `<!DOCTYPE html>\n<html lang="en">${head}\n<body>\n${content}\n</body></html>\n`;
}

function hiddenInputs(fields: readonly Hidden[]): string {
  return fields
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}"/>`)
    .join("\n");
}

export function loginPage(action: string, fields: readonly Hidden[], message?: string): string {
  const notice = message === undefined ? "" : `<div id="msg" class="errors">${escapeHtml(message)}</div>\n`;
  return page(
    "Login - CAS",
    `<form id="fm1" method="post" action="${escapeHtml(action)}">
${notice}<label for="username">Username</label>
<input id="username" name="username" type="text" value="" autocomplete="off"/>
<label for="password">Password</label>
<input id="password" name="password" type="password" value="" autocomplete="off"/>
${hiddenInputs(fields)}
<input name="submit" type="submit" value="Login"/>
</form>`,
  );
}

export function loggedInPage(): string {
  return page(
    "Log In Successful",
    "<h2>Log In Successful</h2>\n<p>You have successfully logged into the Central Authentication Service.</p>",
  );
}

export function loggedOutPage(): string {
  return page(
    "Logout successful",
    "<h2>Logout successful</h2>\n<p>You have successfully logged out of the Central Authentication Service.</p>",
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
  return page(
    "Application Not Authorized to Use CAS",
    "<h2>Application Not Authorized to Use CAS</h2>\n<p>The application is not registered.</p>",
  );
}

/** MRS Manager sends the user here before a first or expired password works. */
export function mustChangePage(): string {
  return page(
    "Change Password",
    `<form id="modify" method="post" action="modify_password.html">
<input name="oldPassword" type="password" value=""/>
<input name="newPassword" type="password" value=""/>
<input name="submit" type="submit" value="OK"/>
</form>`,
  );
}

export function failurePage(): string {
  return page("CAS is Unavailable", "<h2>CAS is Unavailable</h2>\n<p>The request can't be handled.</p>");
}
