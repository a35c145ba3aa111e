import { TIMEOUTS } from "../api/deadline";
import { Discovery, METADATA_ENDPOINT } from "../config/discovery";
import { casSessions } from "./casSession";
import { renewals } from "./renewals";
import { SessionLifecycle } from "./sessionLifecycle";
import { WebCliCommandLifecycle } from "./webCliCommand";
import { webCliSessions } from "./webCliSession";

// Where the metadata service is, no environment decides: a variable that a shell carries could redirect it.
const discovery = new Discovery({ metadataEndpoint: METADATA_ENDPOINT });

// The text in every stack's state names these: they stay for ever, and so does what they load from state.
export const WebCliSession = new SessionLifecycle(webCliSessions, TIMEOUTS, renewals, discovery);
export const WebCliCommand = new WebCliCommandLifecycle(TIMEOUTS, renewals, discovery);
export const CasSession = new SessionLifecycle(casSessions);
