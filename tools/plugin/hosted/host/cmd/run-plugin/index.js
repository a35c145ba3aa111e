// The language host runs `node run-plugin.js FOLDER FLAGS ADDRESS`.
const [folder] = process.argv.splice(2, 1);
require(folder);
