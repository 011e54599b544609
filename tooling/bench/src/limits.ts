/** Per job: what limits it where its bar is missed, for the page. Found by profiling. */
export const limits: Readonly<Record<string, string>> = {
  'saddle-evaluation':
    'at P = 500 four fifths of an evaluation are factors, inverses and products of the same library as the peer; traces and the kernel between gates in JavaScript are an eighth. Two threads speed up the library alone.',
  'width-sweep':
    'twenty starts and some forty steps, each a factorisation and an inverse: 60 evaluations, where the peer makes 267 that take no longer each. A start is off by 1e-6 and a step gains a factor of twenty, so most widths take two or three.',
  'gibbs-sweep':
    'where inputs are as many as their dimensions, nothing can be compressed: products and factorisations are those of the peer, and ours gains by the rank of path weights alone.',
  'ess-rate':
    'a sweep at P = 200 is bound by many small products and by 40,000 normals. The ratio also depends on the inputs: on isotropic normals Langevin dynamics mixes an order of magnitude faster than on these.',
  'train-step':
    'for ReLU networks three quarters of a step are the matrix products, the same library as the peer; masks of ReLUs, which JavaScript does not vectorise, are a twentieth.',
  'langevin-step':
    'for ReLU networks four fifths of a step are the matrix products, the same library as the peer; noise with its addition is an eighth (2.1 ns a normal).',
  'langevin-noise':
    'normals come one after the other from one stream and so from one thread, in 128-bit SIMD: 1.2 ns each for those in the certain part of their layers, 0.5 for the others, 0.4 to add them. Two threads speed up the products alone.',
  'ndk-volterra':
    'kernels at some tens of correlations of the weights are computed one by one, in scalar code, whatever the number of steps; the sums over times are matrix products.',
};
