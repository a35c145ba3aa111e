import assert from "node:assert/strict";
import { cookiesIn, isTicketGranting } from "../../provider/api/cas/cookies";
import { type Form, loginForm, readPage, unknownFields } from "../../provider/api/cas/pages";

const CAS = "https://manager:20009/cas";
const form = (hidden: Record<string, string>, more: Partial<Form> = {}): Form => ({
  ...{ hidden, action: "", asksForPassword: false, fields: [] },
  ...more,
});
const PASSWORD = { asksForPassword: true, fields: [{ name: "", type: "password", isRequired: false }] };
const parseForms = (page: string) => readPage(page).forms;
const pageOf = (...forms: Form[]) => ({ forms, heading: "", complaint: "" });
const onlyForm = (page: string) => {
  const [found, ...more] = parseForms(page);
  assert.deepEqual(more, []);
  return found;
};

describe("A form on a CAS page", () => {
  it("has its hidden inputs, decoded, and no others", () => {
    const page = `<form action="/cas/login?a=1&amp;b"><input name="typed" value="1">
      <input type="HIDDEN" name="lt" value="LT-1&amp;2"><input type="hidden" name="empty">
      <input type="hidden" value="nameless"><input type="submit" name="go" value="x"></form>`;
    const { hidden, action } = onlyForm(page) ?? {};
    assert.deepEqual({ hidden, action }, { hidden: { lt: "LT-1&2", empty: "" }, action: "/cas/login?a=1&b" });
  });

  it("is one of many, in the order of the page", () => {
    const page = `<form><input type="hidden" name="search" value="1"></form>
      <form><input type="hidden" name="lt" value="2"><input type="password"></form>`;
    assert.deepEqual(parseForms(page), [form({ search: "1" }), form({ lt: "2" }, PASSWORD)]);
  });

  it("lasts until its own end, whatever a page leaves open or closes around it", () => {
    const page = `<div><form><input type="hidden" name="lt" value="1"></div>
      <p><input type="hidden" name="execution" value="2"></form>`;
    assert.deepEqual(onlyForm(page)?.hidden, { lt: "1", execution: "2" });
  });

  it("ends before the next one, even in a table that closes around it", () => {
    const page = `<table><tr><form><td><input type="hidden" name="lt" value="1"><input type="password"></td></tr>
      </form></table><form><input type="hidden" name="lt" value="of another"></form>`;
    assert.deepEqual(parseForms(page), [form({ lt: "1" }, PASSWORD), form({ lt: "of another" })]);
  });

  for (const tag of [
    "<div>",
    "<form>",
    "<form></b>",
    "<input type=hidden>",
    "</div>",
    "<",
    " ",
    "&",
    "<!--",
  ]) {
    it(`is found on a page of 2 MiB that goes on with ${JSON.stringify(tag)} without end`, () => {
      const tail = tag.repeat((2 * 1024 * 1024) / tag.length);
      const page = `<form><input type="hidden" name="lt" value="1"><input type="password"></form>${tail}`;
      assert.equal(loginForm(readPage(page), CAS)?.hidden.lt, "1");
    });
  }

  it("is absent from a page without one, even where there are inputs", () => {
    assert.deepEqual(parseForms('<input type="password" name="password">'), []);
    assert.deepEqual(parseForms(""), []);
  });
});

describe("The text of a CAS page", () => {
  const texts = (page: string) => {
    const { heading, complaint } = readPage(page);
    return [heading, complaint];
  };

  it("is its first heading in the main part, or else its title", () => {
    assert.deepEqual(texts("<title>CAS &amp; you</title><p>text"), ["CAS & you", ""]);
    assert.deepEqual(texts("<title>CAS</title><h1>Notes</h1><main><h2> Your <b>turn</b> </h2><h3>x"), [
      "Your turn",
      "",
    ]);
  });

  it("is also what the login form says is wrong", () => {
    assert.deepEqual(texts('<form><div id="msg" class="errors">Locked.</div>text'), ["", "Locked."]);
    assert.deepEqual(texts('<div id="loginErrorsPanel"><p>Denied.</p><!-- x --></div>text'), ["", "Denied."]);
  });

  it("has nothing that is not shown", () => {
    assert.deepEqual(texts("<h1 hidden>no</h1><template><h1>no</h1></template><h1>yes</h1>"), ["yes", ""]);
  });
});

describe("The fields that nobody can fill in", () => {
  const unknown = (inputs: string) =>
    readPage(
      `<form><input name="username"><input type="password" name="password">${inputs}</form>`,
    ).forms.flatMap(unknownFields);

  it("are those that are typed, where the form marks none as required", () => {
    assert.deepEqual(
      unknown('<input name="captcha"><input type="checkbox" name="warn"><input type="submit" name="go">'),
      ["captcha"],
    );
  });

  it("are those that the form marks, where it does", () => {
    assert.deepEqual(
      unknown(
        '<input name="note"><input type="tel" name="code" required><select name="domain" required></select>',
      ),
      ["code", "domain"],
    );
  });

  it("are not those that are hidden, disabled, or without a name", () => {
    assert.deepEqual(
      unknown('<input name="a" hidden><input name="b" disabled><input><input type="hidden" name="c">'),
      [],
    );
  });
});

describe("The CAS's own login form", () => {
  const own: [string, Form][] = [
    ["holds an `lt`", form({ lt: "LT-1" }, { ...PASSWORD })],
    ["holds an `execution`", form({ execution: "e1s1" }, { ...PASSWORD })],
    [
      "goes to a path of the same server",
      form({ lt: "1" }, { ...PASSWORD, action: "/cas/login;jsessionid=1" }),
    ],
    ["goes to the same server by its whole URL", form({ lt: "1" }, { ...PASSWORD, action: `${CAS}/login` })],
  ];
  for (const [what, its] of own) {
    it(`${what}`, () => assert.equal(loginForm(pageOf(form({ q: "1" }), its), CAS), its));
  }

  const foreign: [string, Form][] = [
    ["without a password field", form({ lt: "LT-1" })],
    ["without the ticket of a login attempt", form({ csrf: "1" }, { ...PASSWORD })],
    [
      "that goes to another server",
      form({ lt: "1" }, { ...PASSWORD, action: "https://sso.example/cas/login" }),
    ],
    ["that goes to another port", form({ lt: "1" }, { ...PASSWORD, action: "https://manager/cas/login" })],
    ["that goes to what is not a URL", form({ lt: "1" }, { ...PASSWORD, action: "http://" })],
  ];
  for (const [what, other] of foreign) {
    it(`is not a form ${what}`, () => assert.equal(loginForm(pageOf(other), CAS), undefined));
  }
});

describe("The cookies of an answer", () => {
  const future = new Date(Date.now() + 3_600_000).toUTCString();
  const past = new Date(Date.now() - 60_000).toUTCString();
  const setBy = (...setCookies: string[]) => cookiesIn({ setCookies, headers: {} });

  it("are kept as they came, without those that are over", () => {
    const cookies = [
      "a=1; Path=/cas/; Secure",
      `b=2%203; Expires=${future}`,
      `c=3; Expires=${past}`,
      "d=4; Max-Age=60",
      "e=5; Max-Age=0",
      `f=6; Max-Age=60; Expires=${past}`,
      "g=",
      "a=7; Path=/cas/",
    ];
    assert.deepEqual(setBy(...cookies), ["a=7", "b=2%203", "d=4", "f=6"]);
    assert.deepEqual(setBy(), []);
  });

  it("are over by the server's own clock", () => {
    const hour = (at: number) => new Date(Date.now() + at * 3_600_000).toUTCString();
    const setCookies = [`a=1; Expires=${hour(-4)}`, `b=2; Expires=${hour(-14)}`];
    assert.deepEqual(cookiesIn({ setCookies, headers: { date: hour(-12) } }), ["a=1"]);
  });

  it("are dropped when a later one clears them", () => {
    assert.deepEqual(setBy("a=1", "b=2", "a=; Max-Age=0"), ["b=2"]);
  });

  it("outlive one of the same name that is cleared on another path", () => {
    assert.deepEqual(setBy("a=1; Path=/cas", "a=; Path=/; Max-Age=0"), ["a=1"]);
  });

  for (const cookie of ["CASTGC=TGT-1", "TGC=eyJ.a=b", "SSO=TGT-1-abc", 'SSO="TGT-1"']) {
    it(`include the ticket-granting one as ${cookie}`, () => assert.equal(isTicketGranting(cookie), true));
  }
  for (const cookie of ["XTGC=no", "TGCX=no", "JSESSIONID=1", "JSESSIONID=xTGT-1"]) {
    it(`do not include it as ${cookie}`, () => assert.equal(isTicketGranting(cookie), false));
  }
});
