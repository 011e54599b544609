export { datasetsPlugin } from './datasetsPlugin.ts';
export { MNIST_FILES } from './imageFiles.ts';
export { columnMeans, type Images, normaliseRows, poolImages, subtractFromRows } from './images.ts';
export { type LoadContext, loadMnist } from './mnist.ts';
export { type MnistOptions, mnistOptions } from './mnistOptions.ts';
export { type NoisyTeacherOptions, noisyTeacher, noisyTeacherOptions } from './noisyTeacher.ts';
export { type OneHotContextsOptions, oneHotContexts, oneHotContextsOptions } from './oneHotContexts.ts';
