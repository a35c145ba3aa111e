import { campaign } from "./campaign";

describe("faults: WebCliSession", () => {
  it("leaves no session that can be ended, sends no log-in twice and shows no secret", async function () {
    this.timeout(0);
    await campaign("webCli");
  });
});
