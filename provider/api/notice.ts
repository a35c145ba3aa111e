/** Shows a sentence beside the resource: the dynamic-provider host hands standard error to the engine. */
export function notice(sentence: string): void {
  console.error(sentence);
}
