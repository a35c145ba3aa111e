import type { CredentialSource, Missing } from "../api/dcs/webCli";
import { type Deadline, ifNotPerformed } from "../api/deadline";
import { withoutTrailingSlash } from "../api/http/serverUrl";
import type { FoundCredentials } from "../api/iam/credentials";
import { findProjects } from "../api/iam/iam";
import { assumeAgency, exchangeIdToken } from "../api/iam/temporaryCredentials";
import { firstAgency } from "./agency";
import type { Discovery } from "./discovery";
import { isVendorEndpoint } from "./endpoints";
import { readIdToken } from "./files";
import { misconfigured, Place } from "./place";
import { type SettingsSource, type StackConfig, sourcesOf } from "./sources";

/** What is set for this run: in the stack's configuration, the environment, and files; and what follows from it. */
export class Settings extends Place implements CredentialSource {
  constructor(
    config: StackConfig | undefined,
    private readonly environment: NodeJS.ProcessEnv,
    readonly discovery: Discovery,
  ) {
    super(sourcesOf(config, environment));
  }

  /** The credentials in the order in which they are tried. What has to be fetched is fetched only when it is its turn. */
  async *find(endpoint: string, deadline: Deadline): AsyncGenerator<FoundCredentials> {
    const { stack, environment } = this.sources;
    const callers = () => this.credentialsAround(endpoint, deadline);
    for await (const found of this.asAgencyOf([...stack, ...environment], callers, endpoint, deadline)) {
      this.discovery.announce(found.source);
      yield found;
    }
  }

  /** A token is a fallback for the endpoint that is configured and for the vendor's own, and for no other. */
  trustsWithTokens(endpoint: string): boolean {
    const configured = this.dcsEndpoint();
    return endpoint === (configured && withoutTrailingSlash(configured.value)) || isVendorEndpoint(endpoint);
  }

  /** The IDs of the projects with a name. */
  async findProjects(name: string, endpoint: string, deadline: Deadline): Promise<string[]> {
    const iamEndpoint = this.iamEndpoint(endpoint);
    const first = await this.firstCredentials(endpoint, deadline);
    const key = JSON.stringify([iamEndpoint, name, first?.credentials]);
    const context = { gateway: this.discovery.connections.gateway, deadline };
    const find = () => findProjects(name, iamEndpoint, this.find(endpoint, deadline), context);
    return this.discovery.lookUp(key, () => deadline.retry(find, ifNotPerformed), deadline);
  }

  async firstCredentials(endpoint: string, deadline: Deadline): Promise<FoundCredentials | undefined> {
    return deadline.retry(async () => {
      for await (const found of this.find(endpoint, deadline)) return found;
      return undefined;
    }, ifNotPerformed);
  }

  originOf(projectId: string): string {
    return this.discovery.originOf(projectId);
  }

  /** An access key without its secret key. Going on to the next source would silently use another account. */
  private incompletePair(): Missing | undefined {
    for (const source of this.allSources()) {
      for (const _ of source.credentials()) return undefined;
      const [missing, present] = source.missingHalf() ?? [];
      if (missing === undefined) continue;
      const where = this.sources.files.includes(source) ? ` in the ${source.kind}` : "";
      return { name: missing, problem: `is required when \`${present}\` is set${where}` };
    }
    return undefined;
  }

  /** What is missing of the credentials for an endpoint; without one, what is missing wherever it may be. */
  async missing(endpoint: string | undefined, deadline: Deadline): Promise<Missing | undefined> {
    const incomplete = this.incompletePair();
    if (incomplete) return incomplete;
    const found = endpoint === undefined ? this.mayFind(deadline) : this.firstCredentials(endpoint, deadline);
    return (await found) ? undefined : this.missingCredentials();
  }

  /** Whether there may be credentials. Beyond this machine, nobody is asked. */
  private async mayFind(deadline: Deadline): Promise<boolean> {
    for (const source of this.allSources()) {
      if (source.get("idTokenFile") || !source.credentials().next().done) return true;
    }
    return !this.isMetadataDisabled() && !(await this.discovery.fromMetadata(deadline).next()).done;
  }

  /** What to tell where no credentials are found. */
  missingCredentials(): Missing {
    const incomplete = this.incompletePair();
    if (incomplete) return incomplete;
    const problem =
      "is required, with `huaweicloud-sessions:secretKey`; set both, or HW_ACCESS_KEY and HW_SECRET_KEY. " +
      `No credentials were found in ${this.searched().join(", ")}`;
    return { name: "huaweicloud-sessions:accessKey", problem };
  }

  /** The credentials themselves, or those of the agency that one of the sources names. */
  private async *asAgencyOf(
    sources: readonly SettingsSource[],
    callers: () => AsyncIterable<FoundCredentials>,
    endpoint: string,
    deadline: Deadline,
  ): AsyncGenerator<FoundCredentials> {
    const agency = firstAgency(sources);
    if (!agency) {
      yield* callers();
      return;
    }
    const iamEndpoint = this.iamEndpoint(endpoint);
    const context = { gateway: this.discovery.connections.gateway, deadline };
    const fetch = () => assumeAgency(agency, iamEndpoint, callers(), context);
    const { setting } = agency;
    yield* this.discovery.fromSource(
      { kind: "agency", setting, terms: [agency, iamEndpoint], fetch },
      deadline,
    );
  }

  private async *credentialsAround(endpoint: string, deadline: Deadline): AsyncGenerator<FoundCredentials> {
    const { stack, environment, files } = this.sources;
    for (const source of [...stack, ...environment]) yield* source.credentials();
    for (const source of [...environment, ...files]) yield* this.fromIdToken(source, endpoint, deadline);
    for (const source of files) {
      const keys = async function* () {
        yield* source.credentials();
      };
      yield* this.asAgencyOf([source], keys, endpoint, deadline);
    }
    if (!this.isMetadataDisabled()) yield* this.discovery.fromMetadata(deadline);
  }

  private async *fromIdToken(
    source: SettingsSource,
    endpoint: string,
    deadline: Deadline,
  ): AsyncGenerator<FoundCredentials> {
    const [idpId, file] = [source.get("idpId"), source.get("idTokenFile")];
    if (!idpId || !file) return;
    if (!/^[\x20-\x7e]+$/.test(idpId.value)) throw misconfigured(`${idpId.name} must be printable ASCII`);
    const iamEndpoint = this.iamEndpoint(endpoint);
    const context = { http: this.discovery.connections.http, deadline };
    const fetch = () =>
      exchangeIdToken({ idpId: idpId.value, idToken: readIdToken(file) }, iamEndpoint, context);
    const terms = [idpId.value, file.value, iamEndpoint];
    yield* this.discovery.fromSource({ kind: "ID token", setting: file.name, terms, fetch }, deadline);
  }

  private isMetadataDisabled(): boolean {
    return this.environment.HUAWEICLOUD_SDK_METADATA_DISABLED?.trim().toLowerCase() === "true";
  }

  /** Where credentials were looked for, in order. */
  private searched(): string[] {
    const { stack, environment } = this.sources;
    const keys = (sources: SettingsSource[]) =>
      sources.map((source) => source.nameOf("accessKey")).join(", ");
    const { HUAWEICLOUD_SDK_CREDENTIALS_FILE: profile } = this.environment;
    const cliProfile = this.first("sharedConfigFile") ?? this.first("profile");
    const metadata = this.isMetadataDisabled()
      ? "disabled by HUAWEICLOUD_SDK_METADATA_DISABLED"
      : (this.discovery.metadataProblem ?? "not asked");
    return [
      `the stack configuration (${keys(stack)})`,
      `the environment (${keys(environment)})`,
      "an ID token (HUAWEICLOUD_SDK_ID_TOKEN_FILE)",
      ...(cliProfile ? [`the CLI profile (${cliProfile.name})`] : []),
      `the profile file (${profile ? "HUAWEICLOUD_SDK_CREDENTIALS_FILE" : "~/.huaweicloud/credentials"})`,
      `the metadata service (${metadata})`,
    ];
  }
}
