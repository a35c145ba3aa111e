import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import os, { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  credentialsOf,
  firstCredentials,
  keysOf,
  open,
  settingsOf,
  useFiles,
  webCliAt,
} from "../support/credentials";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { rejection } from "../support/rejection";

describe("The profile file", () => {
  const write = useFiles();
  const profile = (text: string) =>
    settingsOf({ HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", text) });

  it("gives credentials and the project ID of its section [basic]", async () => {
    const settings = profile(
      "[global]\nak = other\nsk = s\n\n[basic]\nak = file\nsk = s\nsecurity_token = t\nproject_id = p\n",
    );
    assert.deepEqual(await credentialsOf(settings), [
      { accessKey: "file", secretKey: "s", securityToken: "t" },
    ]);
    assert.equal(settings.first("projectId")?.value, "p");
  });

  const spellings: [string, string, string][] = [
    ["with ; and # in a value", "sk = se;cr#et", "se;cr#et"],
    ["with = in a value", "sk=a=b==", "a=b=="],
    ["with a colon", "sk: secret", "secret"],
    ["in quotes", 'sk = "secret"', "secret"],
    ["with Windows line ends", "sk = secret\r", "secret"],
    ["after comments", "# sk = one\n; sk = two\nsk = secret", "secret"],
  ];
  for (const [what, line, secretKey] of spellings) {
    it(`is read ${what}`, async () => {
      const found = await credentialsOf(profile(`\uFEFF[basic]\nak = file\n${line}\n`));
      assert.deepEqual(found, [{ accessKey: "file", secretKey }]);
    });
  }

  it("is not read for what it never holds, nor while other credentials are accepted", async () => {
    const environment = {
      HUAWEICLOUD_SDK_CREDENTIALS_FILE: "/nonexistent/credentials",
      HW_ACCESS_KEY: "hw",
      HW_SECRET_KEY: "s",
    };
    const settings = settingsOf(environment);
    assert.deepEqual([settings.first("region"), settings.dcsEndpoint()], [undefined, undefined]);
    assert.equal((await firstCredentials(settings))?.source, "environment HW_ACCESS_KEY");
  });
});

describe("A profile file in the home folder", () => {
  const write = useFiles();
  const { homedir: original } = os;
  afterEach(() => {
    os.homedir = original;
  });

  /** A home folder whose profile file is what `make` puts at its path. */
  const homeWith = (make: (path: string) => void) => {
    const home = dirname(write("unused", ""));
    mkdirSync(join(home, ".huaweicloud"));
    make(join(home, ".huaweicloud", "credentials"));
    return home;
  };
  const absent: [string, () => Record<string, string>][] = [
    ["there is none", () => ({})],
    ["the home folder is none", () => ({ HOME: "/dev/null" })],
    ["it is a folder", () => ({ HOME: homeWith((path) => mkdirSync(path)) })],
  ];
  for (const [what, environment] of absent) {
    it(`is not there where ${what}`, async () => {
      assert.deepEqual(await credentialsOf(settingsOf(environment())), []);
    });
  }

  it("is not there where nothing tells which folder that is", async () => {
    os.homedir = () => {
      throw new Error("no such user");
    };
    assert.deepEqual(await credentialsOf(settingsOf({ HOME: "" })), []);
  });

  it("is an error where it holds what can't be read", async () => {
    const HOME = homeWith((path) => writeFileSync(path, "[basic]\nak = ours\n", "utf16le"));
    const { message } = await rejection(credentialsOf(settingsOf({ HOME })));
    assert.equal(
      message,
      "the profile file ~/.huaweicloud/credentials is not in UTF-8; save it in that encoding",
    );
  });
});

describe("A file that a setting names", () => {
  const write = useFiles();
  const pipe = () => {
    const path = join(dirname(write("unused", "")), "pipe");
    assert.equal(spawnSync("mkfifo", [path]).status, 0);
    return path;
  };
  const large = () => {
    const path = write("large", "");
    truncateSync(path, 300 * 1024 * 1024);
    return path;
  };
  const utf16 = (text: string) => {
    const path = write("utf16", "");
    writeFileSync(path, `\uFEFF${text}`, "utf16le");
    return path;
  };
  const PROFILE = "[basic]\nak = s3cr3t\nsk = s3cr3t\n";
  const unusable: [string, () => string, string][] = [
    ["does not exist", () => "/nonexistent/credentials", "does not exist"],
    ["is a folder", homedir, "can't be read, because it is a folder"],
    ["is a named pipe", pipe, "is not a regular file"],
    ["is a device", () => "/dev/zero", "is not a regular file"],
    ["has 300 MiB", large, "is larger than 1 MiB"],
    ["is in UTF-16", () => utf16(PROFILE), "is not in UTF-8; save it in that encoding"],
    [
      "has the line ends of an old Mac",
      () => write("cr", PROFILE.replaceAll("\n", "\r")),
      "has lines that end in CR only; save it with LF or CRLF",
    ],
  ];
  for (const [what, make, problem] of unusable) {
    it(`is an error without its path where it ${what}`, async () => {
      const path = make();
      const profile = settingsOf({ HUAWEICLOUD_SDK_CREDENTIALS_FILE: path });
      const told = await rejection(credentialsOf(profile));
      assert.equal(told.message, `the profile file that HUAWEICLOUD_SDK_CREDENTIALS_FILE names ${problem}`);
      const token = settingsOf({ HUAWEICLOUD_SDK_IDP_ID: "idp", HUAWEICLOUD_SDK_ID_TOKEN_FILE: path });
      const { message } = await rejection(credentialsOf(token, "https://dcs.eu-de.otc.t-systems.com"));
      assert.equal(message, `the file that HUAWEICLOUD_SDK_ID_TOKEN_FILE names ${problem}`);
      const command = await rejection(credentialsOf(settingsOf({ HW_SHARED_CONFIG_FILE: path })));
      assert.equal(command.message, `the file that HW_SHARED_CONFIG_FILE names ${problem}`);
    });
  }
});

describe("A profile file that can't be used", () => {
  const emulator = useEmulator();
  useEnvironment();

  it("does not hide that the keys before it were refused", async () => {
    Object.assign(process.env, keysOf(emulator()));
    const outs = await open(emulator(), webCliAt(emulator()));
    emulator().rotateKeys();
    process.env.HUAWEICLOUD_SDK_CREDENTIALS_FILE = join(tmpdir(), "nonexistent", "credentials");
    const { message } = await rejection(webCliAt(emulator()).delete("", outs));
    assert.match(
      message,
      /answered 401 APIGW\.0301 .*, and the profile file that HUAWEICLOUD_SDK_CREDENTIALS_FILE names does not exist\. Check the credentials/,
    );
  });
});
