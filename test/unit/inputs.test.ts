import assert from "node:assert/strict";
import * as findings from "../../provider/lifecycle/findings";

/** What is taken and what is refused, for each kind of text. */
const RULES: [string, (value: string) => string | undefined, string[], string[]][] = [
  [
    "an id",
    findings.idProblem,
    ["a", "dcs-1_x", "0".repeat(64)],
    ["", "-a", "a/b", "a b", "ö", "0".repeat(65)],
  ],
  [
    "a server",
    findings.serverProblem("https://HOST"),
    ["https://a", "https://a:1/cas", "http://localhost:1", "http://127.10.0.200", "http://[::1]:8800/cas"],
    [
      "a",
      "ftp://a",
      "http://a",
      "http://127.0.0.1.evil.example",
      "http://xlocalhost",
      "http://localhost.example",
    ].concat(["https://a b", "https://a\n", "https://u@a", "https://:p@a", "https://a?q", "https://a#f"]),
  ],
  [
    "a service",
    findings.serviceProblem,
    ["https://a/b?c=d", "http://a"],
    ["a", "xhttps://a", "https://", "https://a b", "https://a\n", "javascript:https://a"],
  ],
  ["a header", findings.headerProblem, ["curl/8 (x)"], ["a\rb", "a\nb", "ä", "\u0000"]],
  ["a client id", findings.tokenProblem, ["45934af8", "x".repeat(512)], ["a b", "a\n", "x".repeat(513)]],
  [
    "a cookie",
    findings.cookieProblem,
    ["TGC=x", "CASTGC=TGT-1-a/b=="],
    ["TGC", "=x", "TGC=", "TGC=a;b", "TGC=a b", "T C=a", "TGC=a\r\n"],
  ],
  [
    "a fingerprint",
    findings.fingerprintProblem,
    ["aB".repeat(32), Array(32).fill("00").join(":")],
    ["ab".repeat(31), "ab".repeat(33), `x${"ab".repeat(32)}`, `${"ab".repeat(32)}x`, "zz".repeat(32)],
  ],
  [
    "a certificate",
    findings.pemProblem,
    [],
    ["", "x", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"],
  ],
];

for (const [what, problem, right, wrong] of RULES) {
  describe(`As ${what}`, () => {
    for (const value of right) {
      it(`takes ${JSON.stringify(value)}`, () => assert.equal(problem(value), undefined));
    }
    for (const value of wrong) {
      it(`refuses ${JSON.stringify(value)}`, () => assert.match(problem(value) ?? "", /^(is|holds) /));
    }
  });
}

describe("Findings", () => {
  const { UNKNOWN, Findings } = findings;

  it("name each property once, by the first thing that is wrong", () => {
    const found = new Findings({});
    found.refuse("a", "is wrong");
    found.refuse("a", "is wrong in another way");
    assert.deepEqual(found.failures, [{ property: "a", reason: "a is wrong." }]);
  });

  it("take null for left out", () => {
    const found = new Findings({ a: null, triggers: null });
    assert.deepEqual(
      [found.has("a"), found.text("a"), found.wholeNumber("a")],
      [false, undefined, undefined],
    );
    assert.equal(found.triggers(), undefined);
    assert.equal(found.needed("a", "write it"), "");
    assert.deepEqual(found.failures, [{ property: "a", reason: "a is missing: write it." }]);
  });

  it("read a whole number", () => {
    assert.equal(new Findings({ n: 0 }).wholeNumber("n"), 0);
    assert.equal(new Findings({ n: 15 }).wholeNumber("n"), 15);
    assert.equal(new Findings({ n: UNKNOWN }).wholeNumber("n"), UNKNOWN);
    for (const n of [-1, 1.5, "3", Number.NaN]) {
      const found = new Findings({ n });
      assert.equal(found.wholeNumber("n"), undefined);
      assert.equal(found.failures[0]?.reason, "n is no whole number from 0 up.");
    }
    const unknown = new Findings({ n: UNKNOWN });
    unknown.wholeNumber("n");
    assert.deepEqual(unknown.failures, []);
  });

  it("read a flag, undefined where it is the default", () => {
    assert.equal(new Findings({ f: true }).flag("f", true), undefined);
    assert.equal(new Findings({ f: false }).flag("f", true), false);
    assert.equal(new Findings({}).flag("f", true), undefined);
  });

  it("read triggers as they are", () => {
    assert.deepEqual(new Findings({ triggers: ["a", "b"] }).triggers(), ["a", "b"]);
    for (const triggers of [["a", 1], [null], {}, 1]) {
      const found = new Findings({ triggers });
      assert.equal(found.triggers(), undefined);
      assert.equal(found.failures.length, 1);
    }
  });
});
