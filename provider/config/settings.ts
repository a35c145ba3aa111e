import type { CredentialSource } from "../api/dcs/webCli";
import { type Deadline, ifNotPerformed } from "../api/deadline";
import { RequestError } from "../api/errors";
import { serverUrlProblem, withoutTrailingSlash } from "../api/http/serverUrl";
import type { FoundCredentials } from "../api/iam/credentials";
import { findProjects } from "../api/iam/iam";
import type { Discovery } from "./discovery";
import { endpointOf, isVendorEndpoint, REGION, regionOf, withScheme } from "./endpoints";
import type { Setting } from "./files";
import {
  type SettingName,
  type SettingsSource,
  type SettingsSources,
  type StackConfig,
  sourcesOf,
} from "./sources";

const IAM_ENDPOINT = "https://iam.REGION.myhuaweicloud.com";

/** What is set for this run: in the stack's configuration, the environment, and the profile file. */
export class Settings implements CredentialSource {
  constructor(
    private readonly config: StackConfig | undefined,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly discovery: Discovery,
  ) {}

  projectId(): Setting | undefined {
    return this.first("projectId");
  }

  region(): Setting | undefined {
    return this.first("region");
  }

  dcsEndpoint(): Setting | undefined {
    const found = this.first("dcsEndpoint");
    return found && { ...found, value: withScheme(found.value) };
  }

  /** The credentials in the order in which they are tried. What has to be fetched is fetched only when it is its turn. */
  async *find(endpoint: string, deadline: Deadline): AsyncGenerator<FoundCredentials> {
    for await (const found of this.credentialSources(endpoint, deadline)) {
      this.discovery.announce(found.source);
      yield found;
    }
  }

  /** A token is a fallback for the endpoint that is configured and for the vendor's own, and for no other. */
  trustsWithTokens(endpoint: string): boolean {
    const configured = this.dcsEndpoint();
    return endpoint === (configured && withoutTrailingSlash(configured.value)) || isVendorEndpoint(endpoint);
  }

  /** The IDs of the projects that are named like a region. */
  async findProjects(region: string, endpoint: string, deadline: Deadline): Promise<string[]> {
    const iamEndpoint = this.iamEndpoint(region);
    const first = await this.firstCredentials(endpoint, deadline);
    const key = JSON.stringify([iamEndpoint, region, first?.credentials]);
    const context = { gateway: this.discovery.connections.gateway, deadline };
    const find = () => findProjects(region, iamEndpoint, this.find(endpoint, deadline), context);
    return this.discovery.lookUp(key, () => deadline.retry(find, ifNotPerformed));
  }

  async firstCredentials(endpoint: string, deadline: Deadline): Promise<FoundCredentials | undefined> {
    return deadline.retry(async () => {
      for await (const found of this.find(endpoint, deadline)) return found;
      return undefined;
    }, ifNotPerformed);
  }

  keepProjectId(endpoint: string, instanceId: string, projectId: string): void {
    this.discovery.keepProjectId(endpoint, instanceId, projectId);
  }

  keptProjectId(endpoint: string, instanceId: string): string | undefined {
    return this.discovery.keptProjectId(endpoint, instanceId);
  }

  /** Half of a pair, where no whole one comes before it: using the next source would be another account. */
  incompletePair(): { name: string; problem: string } | undefined {
    for (const source of this.allSources()) {
      for (const _ of source.credentials()) return undefined;
      const [missing, present] = source.missingHalf() ?? [];
      if (missing === undefined) continue;
      const where = source.kind === "profile file" ? ` in the ${source.kind}` : "";
      return { name: missing, problem: `is required when \`${present}\` is set${where}` };
    }
    return undefined;
  }

  /** What to tell where no credentials are found. */
  missingCredentials(): { name: string; problem: string } {
    const incomplete = this.incompletePair();
    if (incomplete) return incomplete;
    const problem =
      "is required, with `huaweicloud-sessions:secretKey`; set both, or HW_ACCESS_KEY and HW_SECRET_KEY. " +
      `No credentials were found in ${this.searched().join(", ")}`;
    return { name: "huaweicloud-sessions:accessKey", problem };
  }

  private async *credentialSources(endpoint: string, deadline: Deadline): AsyncGenerator<FoundCredentials> {
    const { stack, environment, profile } = this.sources();
    for (const source of [...stack, ...environment]) yield* source.credentials();
    for (const source of [...environment, profile]) yield* this.fromIdToken(source, endpoint, deadline);
    yield* profile.credentials();
    if (this.isMetadataDisabled()) return;
    for await (const credentials of this.discovery.fromMetadata()) {
      yield { credentials, source: "metadata service" };
    }
  }

  private async *fromIdToken(
    source: SettingsSource,
    endpoint: string,
    deadline: Deadline,
  ): AsyncGenerator<FoundCredentials> {
    const [idpId, file] = [source.get("idpId"), source.get("idTokenFile")];
    if (!idpId || !file) return;
    if (!/^[\x20-\x7e]+$/.test(idpId.value)) throw misconfigured(`${idpId.name} must be printable ASCII`);
    const iamEndpoint = this.iamEndpoint(regionOf(endpoint));
    const idToken = { idpId: idpId.value, file, iamEndpoint };
    for await (const credentials of this.discovery.fromIdToken(idToken, deadline)) {
      yield { credentials, source: `ID token ${file.name}` };
    }
  }

  /** Follows the region, unless it is set. */
  private iamEndpoint(region = this.region()?.value): string {
    const configured = this.first("iamEndpoint");
    if (!configured) {
      if (region !== undefined && REGION.test(region)) return endpointOf("iam", region);
      throw misconfigured(
        `IAM could not be asked, because ${region === undefined ? "no region is set" : "the region must be a code such as eu-de"}`,
        "Set `huaweicloud-sessions:region`, HW_REGION_NAME, or `huaweicloud-sessions:iamEndpoint`.",
      );
    }
    const url = withScheme(configured.value);
    const problem = serverUrlProblem(url, IAM_ENDPOINT);
    if (problem) throw misconfigured(`\`${configured.name}\` ${problem}`);
    // Open Telekom Cloud's documentation writes the endpoint with the version.
    return withoutTrailingSlash(url).replace(/\/v3$/, "");
  }

  private isMetadataDisabled(): boolean {
    return this.environment.HUAWEICLOUD_SDK_METADATA_DISABLED?.trim().toLowerCase() === "true";
  }

  /** Where credentials were looked for, in order. */
  private searched(): string[] {
    const { stack, environment, profile } = this.sources();
    const keys = (sources: SettingsSource[]) => sources.map(({ names }) => names.accessKey).join(", ");
    const metadata = this.isMetadataDisabled()
      ? "disabled by HUAWEICLOUD_SDK_METADATA_DISABLED"
      : (this.discovery.whyNoMetadata() ?? "not asked");
    return [
      `the stack configuration (${keys(stack)})`,
      `the environment (${keys(environment)})`,
      "an ID token (HUAWEICLOUD_SDK_ID_TOKEN_FILE)",
      `the ${profile.kind} (${this.environment.HUAWEICLOUD_SDK_CREDENTIALS_FILE ? "HUAWEICLOUD_SDK_CREDENTIALS_FILE" : "~/.huaweicloud/credentials"})`,
      `the metadata service (${metadata})`,
    ];
  }

  private first(setting: SettingName): Setting | undefined {
    for (const source of this.allSources()) {
      const found = source.get(setting);
      if (found) return found;
    }
    return undefined;
  }

  private sources(): SettingsSources {
    return sourcesOf(this.config, this.environment);
  }

  private *allSources(): Generator<SettingsSource> {
    const { stack, environment, profile } = this.sources();
    yield* [...stack, ...environment, profile];
  }
}

function misconfigured(reason: string, advice = "Correct that setting."): RequestError {
  return new RequestError({ reason, advice, retry: "never" });
}
