export { CIFAR10_FILES, type Cifar10Options, loadCifar10 } from './cifar10.ts';
export { datasetsPlugin } from './datasetsPlugin.ts';
export { type FashionMnistOptions, loadFashionMnist } from './fashionMnist.ts';
export { MNIST_FILES } from './imageFiles.ts';
export { columnMeans, greyOf, type Images, normaliseRows, poolImages, subtractFromRows } from './images.ts';
export type { LoadContext } from './imageTask.ts';
export { loadMnist } from './mnist.ts';
export { type MnistOptions, mnistOptions } from './mnistOptions.ts';
export { loadMnistSmall } from './mnistSmall.ts';
export { type NoisyTeacherOptions, noisyTeacher, noisyTeacherOptions } from './noisyTeacher.ts';
export { type OneHotContextsOptions, oneHotContexts, oneHotContextsOptions } from './oneHotContexts.ts';
export { OWN_FILE_LIMIT, type OwnFileKind, ownFileKind } from './ownFile.ts';
export { type OwnTable, readTable, type TableColumn } from './readTable.ts';
export { type RelatedTeachersOptions, relatedTeachers } from './relatedTeachers.ts';
export { type SemanticHierarchyOptions, semanticHierarchy } from './semanticHierarchy.ts';
export { sha256 } from './sha256.ts';
export { loadTable } from './table.ts';
export { type TableOptions, tableOptions } from './tableOptions.ts';
export type { TaskContext } from './taskBase.ts';
export {
  type ConflictingTasksOptions,
  conflictingTasks,
  type PermutedTasksOptions,
  permutedTasks,
  type RotatedTasksOptions,
  rotatedTasks,
  type SplitTasksOptions,
  splitTasks,
} from './taskFamilies.ts';
export { type XorOptions, xor } from './xor.ts';
