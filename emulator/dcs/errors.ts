import { json, Refusal } from "../http";

const errors = {
  badProjectId: [400, "111400002", "DCS.4002", "Invalid project_id in the request."],
  emptyBody: [400, "111400004", "DCS.4004", "The request body is empty."],
  notJson: [400, "111400005", "DCS.4005", "The request body is not in JSON format."],
  badInstanceId: [400, "111400061", "DCS.4061", "Invalid instance_id in the request."],
  invalidParameter: [400, "111400063", "DCS.4063", "Invalid {0} parameter in the request."],
  wrongPassword: [400, "111400080", "DCS.4080", "The instance password is incorrect."],
  passwordFree: [400, "111400850", "DCS.4850", "Password-free access is enabled for the instance."],
  tokenOfOtherProject: [401, "111401004", "DCS.1004", "The token does not belong to the project."],
  noPermission: [403, "111403003", "DCS.2003", "You have no permission for this operation."],
  noSuchInstance: [404, "111404022", "DCS.3022", "The DCS instance does not exist."],
  internal: [500, "111500000", "DCS.5000", "Internal service error."],
} as const;

/** How the service spells its codes. */
export type CodeSpelling = "numeric" | "dcs";

/** An error of the DCS service; `error_ext_msg` is there but unused, as documented. */
export function dcsError(name: keyof typeof errors, spelling: CodeSpelling): Refusal {
  const [status, numeric, dcs, message] = errors[name];
  return new Refusal(
    json(status, {
      error_code: spelling === "dcs" ? dcs : numeric,
      error_msg: message,
      error_ext_msg: null,
    }),
  );
}
