/** How the engine's figures were taken: what a reader has to know to judge them. */
export const ENGINE_METHOD = `- Contenders: (a) \`WebCliSession\` of this package, a signed log-in and log-out each; (b) an empty
  \`pulumi.dynamic.Resource\`, whose create and delete do nothing; (c) a \`pulumi.dynamic.Resource\` with the same signed calls
  by axios in closures; (d) \`command.local.Command\` with curl, whose calls are not signed: they carry a token from curl's
  own config file, and its state holds the client id in plain text.
- All call the same emulator, a process of its own on the loopback address that checks every signature and token. After each
  up and destroy it is asked whether as many sessions are open as there should be.
- Programs are inline programs of the Automation API, compiled beforehand; state in a local directory; \`--skip-preview\`. Each
  up and destroy is a process of its own. Contenders take turns within a round, which begins with another one each time.
- Time: from the spawn of the engine's process to its exit. CPU time: user and system time of the program, the engine, the host
  and all below them, from /proc every 100 ms and at the end; of a process that nobody waits for, the time after its last
  sample is lost. Taking samples takes a few percent of one core, for all alike.
- Memory: the greatest VmHWM of the engine, and of any one process below it, of all three actions; a process of less than
  100 ms may be missed.
- State: the size of the state's file less that of an empty stack, for each resource. What comes once, such as the default
  provider with its config, is shared out among them.
- First registration: from the first line of the program, where @pulumi/pulumi is loaded already, to its first request to
  register a resource.
- (b) calls nobody and is measured once for both schemes. For https the host gets the emulator's authority by
  NODE_EXTRA_CA_CERTS, and curl by its \`cacert\`. (c) above 500 resources is measured once, over http: its life takes ten minutes.
- Ratios are made within a round, then their median is taken. In brackets: the least and the greatest.`;

export const HOST_METHOD = `- One client in a process of its own, the emulator in another; each call is signed, connections are kept alive. First,
  half as many log-ins and log-outs go unmeasured. CPU time is the client's.
- Loading: in a fresh process each time, after what is named as being there already.
- Soak: 8 sessions at once. Resident memory is the median of a range's last tenth less that of its first, left to
  itself; for the heap in use, another process collects garbage where a range begins and where it ends.`;
