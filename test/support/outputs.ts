import type { Output } from "@pulumi/pulumi";

/** What an output comes to under mocks. */
export function resolved<T>(output: Output<T>): Promise<T> {
  return new Promise<T>((resolve) => {
    output.apply(resolve);
  });
}
