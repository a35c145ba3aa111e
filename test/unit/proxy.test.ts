import assert from "node:assert/strict";
import { proxyFor } from "../../provider/api/http/proxy";

const proxy = (server: string, environment: Record<string, string>) =>
  proxyFor(new URL(server), environment)?.url.href;

describe("The proxy for a server", () => {
  const SET = { https_proxy: "http://one:1", HTTPS_PROXY: "http://two:2", all_proxy: "http://three:3" };

  it("is the first that the environment names for https, and none for http", () => {
    assert.equal(proxy("https://a.example", SET), "http://one:1/");
    assert.equal(proxy("https://a.example", { ...SET, https_proxy: "" }), "http://two:2/");
    assert.equal(proxy("https://a.example", { ALL_PROXY: "http://four:4" }), "http://four:4/");
    assert.equal(proxy("http://127.0.0.1", { ...SET, http_proxy: "http://five:5" }), undefined);
  });

  it("speaks plain HTTP where its scheme is left out", () => {
    assert.equal(proxy("https://a.example", { HTTPS_PROXY: "two:2" }), "http://two:2/");
  });

  const forms: [entry: string, direct: string[], proxied: string[]][] = [
    ["*", ["a.example", "10.1.2.3"], []],
    ["other.example, *", ["a.example"], []],
    [
      "corp.example",
      ["corp.example", "a.corp.example", "CORP.example", "a.corp.example."],
      ["notcorp.example"],
    ],
    [".corp.example", ["corp.example", "a.b.corp.example"], ["notcorp.example"]],
    ["*.corp.example", ["a.corp.example"], ["notcorp.example"]],
    ["corp.example.", ["a.corp.example"], ["corp.example.org"]],
    ["Corp.Example", ["a.corp.example"], []],
    ["münchen.example", ["a.xn--mnchen-3ya.example", "münchen.example"], []],
    ["corp.example:8443", ["a.corp.example:8443"], ["a.corp.example", "corp.example:9"]],
    ["corp.example:443", ["corp.example"], ["corp.example:8443"]],
    ["other other2,corp.example", ["corp.example"], ["a.example"]],
    ["10.0.0.0/8", ["10.1.2.3", "10.1.2.3:8443"], ["11.1.2.3", "a.example"]],
    ["10.1.2.3", ["10.1.2.3"], ["10.1.2.30", "110.1.2.3"]],
    ["10.1.2.3:8443", ["10.1.2.3:8443"], ["10.1.2.3"]],
    [".0.0.1", [], ["127.0.0.1"]],
    ["::1", ["[::1]"], ["[::2]"]],
    ["[::1]", [], ["[::1]"]],
    ["[::1]:8443", ["[::1]:8443"], ["[::1]"]],
    ["2001:db8::/32", ["[2001:db8::5]"], ["[2001:db9::5]", "10.1.2.3"]],
    ["10.0.0.0/, 10.0.0.0/40, 10.0.0.0/x", [], ["10.0.0.1"]],
  ];
  for (const [entry, direct, proxied] of forms) {
    it(`is left out for what NO_PROXY=${entry} names`, () => {
      const isDirect = (server: string) => !proxy(`https://${server}`, { ...SET, NO_PROXY: entry });
      assert.deepEqual(direct.filter(isDirect), direct);
      assert.deepEqual(proxied.filter(isDirect), []);
    });
  }
});
