import assert from "node:assert/strict";
import { cookieHeader, parseForm, ticketGrantingCookie } from "../../provider/api/casPages";

describe("A form on a CAS page", () => {
  it("gives its hidden inputs, decoded, and no others", () => {
    const page = `<form><input name="typed" value="1"><input type="HIDDEN" name="lt" value="LT-1&amp;2">
      <input type="hidden" name="empty"><input type="hidden" value="nameless"><input type="submit" name="go" value="x">
      </form>`;
    assert.deepEqual(parseForm(page), { hidden: { lt: "LT-1&2", empty: "" }, asksForPassword: false });
  });

  it("is the one that asks for a password, where a page has more", () => {
    const page = `<form><input type="hidden" name="search" value="1"></form>
      <form><input type="hidden" name="lt" value="2"><input type="password" name="password"></form>`;
    assert.deepEqual(parseForm(page), { hidden: { lt: "2" }, asksForPassword: true });
  });

  it("lasts until its own end, whatever a page leaves open or closes around it", () => {
    const page = `<div><form><input type="hidden" name="lt" value="1"></div>
      <p><input type="hidden" name="execution" value="2"></form>`;
    assert.deepEqual(parseForm(page)?.hidden, { lt: "1", execution: "2" });
  });

  it("ends before the next one, even in a table that closes around it", () => {
    const page = `<table><tr><form><td><input type="hidden" name="lt" value="1"><input type="password"></td></tr>
      </form></table><form><input type="hidden" name="lt" value="of another"></form>`;
    assert.deepEqual(parseForm(page), { hidden: { lt: "1" }, asksForPassword: true });
  });

  for (const tag of ["<div>", "<form>", "<form></b>", "<input type=hidden>"]) {
    it(`is found on a page that goes on with ${tag} without end`, () => {
      const page = `<form><input type="hidden" name="lt" value="1">${tag.repeat(40_000)}`;
      assert.equal(parseForm(page)?.hidden.lt, "1");
    });
  }

  it("is absent from a page without one, even with inputs about", () => {
    assert.equal(parseForm('<input type="password" name="password">'), undefined);
    assert.equal(parseForm(""), undefined);
  });
});

describe("The cookies of a page", () => {
  const future = new Date(Date.now() + 3_600_000).toUTCString();
  const past = new Date(Date.now() - 60_000).toUTCString();

  it("go back as they came, in one header, without those that are over", () => {
    const cookies = [
      "a=1; Path=/cas/; Secure",
      `b=2%203; Expires=${future}`,
      `c=3; Expires=${past}`,
      "d=4; Max-Age=60",
      "e=5; Max-Age=0",
      `f=6; Max-Age=60; Expires=${past}`,
      "g=",
    ];
    assert.equal(cookieHeader(cookies), "a=1; b=2%203; d=4; f=6");
    assert.equal(cookieHeader([]), "");
  });

  it("hold the ticket-granting cookie under either name, and under no other", () => {
    assert.equal(
      ticketGrantingCookie(["CASPRIVACY=; Max-Age=0", "CASTGC=TGT-1; Path=/cas/"]),
      "CASTGC=TGT-1",
    );
    assert.equal(ticketGrantingCookie(["TGC=eyJ.a=b; HttpOnly"]), "TGC=eyJ.a=b");
    assert.equal(ticketGrantingCookie(["TGC=old", "TGC=new"]), "TGC=new");
    assert.equal(ticketGrantingCookie(["XTGC=no", "TGCX=no", "JSESSIONID=1"]), undefined);
  });
});
