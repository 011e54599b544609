/** Per job: what limits it where its bar is missed, for the page. Found by profiling. */
export const limits: Readonly<Record<string, string>> = {
  'ess-rate':
    'not profiled at this size. A sweep draws all N·N0 weights and multiplies by all N0 input dimensions, of which P would do. The ratio also depends on the inputs: on isotropic normals, which Langevin dynamics mixes fast on, it was 8 in a single run on a busy machine.',
};
