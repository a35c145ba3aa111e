import { campaign } from "./campaign";

describe("faults: WebCliCommand", () => {
  it("runs no command twice, tells what ran, and shows no secret", async function () {
    this.timeout(0);
    await campaign("command");
  });
});
