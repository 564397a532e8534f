package ernie4j.spark;

import org.apache.spark.ml.util.DefaultParamsReadable;

/** Reads a transformer back; each transformer has a static method for it, as Spark expects. */
final class ParamsReader<T extends ErnieTransformer<T>> implements DefaultParamsReadable<T> {}
