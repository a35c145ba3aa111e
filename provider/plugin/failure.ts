import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { PartialCreateError } from "../lifecycle/sessionError";
import { toStruct } from "./properties";

/** An error as the engine prints it: its message and nothing else. */
export function statusOf(error: unknown): Partial<StatusObject> {
  const details = error instanceof Error ? error.message : String(error);
  const failed = { code: status.UNKNOWN, details };
  return error instanceof PartialCreateError ? { ...failed, metadata: keptResource(error) } : failed;
}

/** Makes the engine keep a resource whose create failed. */
function keptResource({ id, properties, reasons, message }: PartialCreateError): Metadata {
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(properties));
  detail.setReasonsList(reasons);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const full = new Status();
  full.setCode(status.UNKNOWN);
  full.setMessage(message);
  full.addDetails(packed);
  const metadata = new Metadata();
  // https://grpc.io/docs/guides/error/#richer-error-model
  metadata.add("grpc-status-details-bin", Buffer.from(full.serializeBinary()));
  return metadata;
}
