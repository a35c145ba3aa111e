import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { useYaml } from "../sdks/yaml/host";
import { commandsOf, openSessions, useEmulator } from "../support/emulator";
import { useEngine } from "../support/engine";
import { useBundle } from "../support/plugin";
import { closeServers, serve } from "../support/server";
import { fillIn, pageBlocks, usePulumiDo, useReader } from "../support/shellPage";

const FOLDER = "Prepare a folder";
const CURL = "Use the session with curl";
const LOGOUT = "Log out";
const YAML = "With a YAML program";

const PLAIN = "the backend holds the password in plain text";

describe("The page about sessions from a shell", function () {
  this.timeout(120_000);
  useEngine();
  const plugin = useBundle();
  const emulator = useEmulator({ tls: true });
  afterEach(closeServers);

  describe("with `pulumi do`", () => {
    usePulumiDo();
    const reader = useReader(plugin);

    /** An application behind the CAS: it tells how many sessions are open when somebody comes with a ticket. */
    async function application(): Promise<string> {
      const { url } = await serve(({ url = "" }, response) => {
        const hasTicket = url.includes("ticket=ST-");
        response.end(hasTicket ? `Web CLI and CAS sessions: ${openSessions(emulator())}` : "no ticket");
      });
      return `${url}/app`;
    }

    /** What a reader replaces on the page to log in to the CAS. */
    async function addresses({ casUrl, username, caCertificate = "" }: Emulator) {
      await reader().write("ca.pem", caCertificate);
      return {
        "https://HOST:20009/cas": casUrl,
        "https://HOST:28443/web/cas_security_check.htm": await application(),
        "CAS_USER=admin": `CAS_USER='${username}'`,
      };
    }

    it("logs in to a CAS, takes curl to the application, and logs out", async () => {
      const filled = await addresses(emulator());
      const headings = [FOLDER, "Log in to a CAS", "Read secret outputs", CURL, LOGOUT];
      const lines = headings.flatMap((heading) => pageBlocks(heading, "sh")).join("");
      const printed = await reader().type(fillIn(lines, filled), emulator().password);
      assert.match(printed, /Web CLI and CAS sessions: 0,1/);
      const [evidence = ""] = pageBlocks(LOGOUT, "");
      const logout = evidence.trim().replace("https://HOST:20009/cas", emulator().casUrl);
      assert.ok(printed.includes(logout), printed);
      assert.deepEqual(openSessions(emulator()), [0, 0]);
      assert.ok(!(await reader().backend()).includes(emulator().password), PLAIN);
    });

    it("runs Redis commands, in sessions of their own and in one that they share", async () => {
      const { dcsEndpoint, projectId, instanceId, redisPassword, ...keys } = emulator();
      await reader().write("dcs.pem", keys.caCertificate ?? "");
      const [install, password] = pageBlocks(FOLDER, "sh");
      const rest = ["Read secret outputs", "Run Redis commands"].flatMap((heading) =>
        pageBlocks(heading, "sh"),
      );
      const filled = {
        "huaweicloud-sessions:region eu-de": `huaweicloud-sessions:dcsEndpoint ${dcsEndpoint}`,
        "11111111-2222-3333-4444-555555555555": instanceId,
      };
      const printed = await reader().type(
        fillIn([install, password, ...rest].join(""), filled),
        redisPassword,
        {
          HW_ACCESS_KEY: keys.accessKey,
          HW_SECRET_KEY: keys.secretKey,
          HW_PROJECT_ID: projectId,
          NODE_EXTRA_CA_CERTS: "dcs.pem",
        },
      );
      assert.match(printed, /^0$/m);
      const commands = commandsOf(emulator()).filter((command) => command !== "PING");
      assert.deepEqual(commands, ["DBSIZE", "SET ready 1", "DEL ready"]);
      assert.deepEqual(openSessions(emulator()), [0, 0]);
      assert.ok(!(await reader().backend()).includes(redisPassword), PLAIN);
    });
  });

  describe("with a YAML program", () => {
    const reader = useReader(plugin, useYaml());

    it("logs in to a CAS, takes curl to the emulator's page, and logs out", async () => {
      await reader().write("emulator.json", JSON.stringify(emulator()));
      const [install] = pageBlocks(FOLDER, "sh");
      const [program] = pageBlocks(YAML, "yaml");
      const [login, logout] = pageBlocks(YAML, "sh");
      const [, ...curl] = pageBlocks(CURL, "sh");
      const lines = [install, ...pageBlocks("Without an account", "sh"), login, ...curl, logout].join("");
      const file = { "echo 'name: sessions' > Pulumi.yaml": `cat > Pulumi.yaml <<'END'\n${program}END` };
      const printed = await reader().type(fillIn(lines, file));
      assert.match(printed, /"cas":\{"open":\["TGT-/);
      assert.deepEqual(openSessions(emulator()), [0, 0]);
      assert.ok(!(await reader().backend()).includes(emulator().password), PLAIN);
    });
  });
});
