// One line a check; the process fails when one did.
const check = (name, body) => {
  try {
    const said = body();
    console.log(`ok    ${name}${said ? ` (${said})` : ''}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAIL  ${name}: ${error.message}`);
  }
};

const must = (condition, sentence) => {
  if (!condition)
    throw new Error(sentence);
};

module.exports = { check, must };
