package ernie4j.spark;

import org.apache.spark.ml.util.DefaultParamsReadable;

/** What reads a transformer back; each has a static method for it, which Spark looks for. */
final class ParamsReader<T extends ErnieTransformer<T>> implements DefaultParamsReadable<T> {}
