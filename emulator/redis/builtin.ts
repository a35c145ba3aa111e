import type { RedisBackend } from "./backend";
import { commands } from "./commands";
import { DatabaseError, Memory } from "./database";

function unknownCommand(name: string, args: readonly string[]): string {
  const shown = args.map((arg) => `\`${arg}\`, `).join("");
  return `ERR unknown command \`${name}\`, with args beginning with: ${shown}`.trimEnd();
}

/** The small Redis inside the emulator. */
export class BuiltinRedis implements RedisBackend {
  private readonly memory = new Memory();

  async run(index: number, [name = "", ...args]: readonly string[]): Promise<string> {
    const command = commands.get(name.toUpperCase());
    if (!command) {
      return unknownCommand(name, args);
    }
    const [min, max] = command.arity;
    if (args.length < min || args.length > max) {
      return `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
    }
    try {
      return command.run(this.memory.database(index), args, this.memory);
    } catch (error) {
      if (error instanceof DatabaseError) {
        return error.message;
      }
      throw error;
    }
  }
}
