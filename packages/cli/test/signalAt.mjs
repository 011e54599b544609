// Sends this process a signal at the moment that it writes a text to standard error: at the same point of its work,
// however busy the machine is.
const { GGDLN_TEST_SIGNAL: signal, GGDLN_TEST_AT: mark } = process.env;
const write = process.stderr.write.bind(process.stderr);
let said = '';
let sent = false;

process.stderr.write = (chunk, ...rest) => {
  const done = write(chunk, ...rest);
  said += String(chunk);
  if (!sent && said.includes(mark)) {
    sent = true;
    process.kill(process.pid, signal);
  }
  return done;
};
