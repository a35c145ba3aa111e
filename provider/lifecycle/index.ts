import { CasSessionLifecycle } from "./casSession";
import { WebCliCommandLifecycle } from "./webCliCommand";
import { WebCliSessionLifecycle } from "./webCliSession";

// The text in every stack's state names these: they stay for ever, and so does what they load from state.
export const WebCliSession = new WebCliSessionLifecycle();
export const WebCliCommand = new WebCliCommandLifecycle();
export const CasSession = new CasSessionLifecycle();
