/** Architectures by name, importers, bundled models and pipelines: text in, answer out. */
@org.jspecify.annotations.NullMarked
module ernie4j.zoo {
  requires static org.jspecify;
  requires transitive ernie4j.engine;
  requires transitive ernie4j.tokenizer;
  requires ernie4j.quant;
  requires com.fasterxml.jackson.databind;
  requires java.net.http;

  exports ernie4j.pipeline;
  exports ernie4j.zoo;
  exports ernie4j.zoo.cache;
  exports ernie4j.zoo.download;
  exports ernie4j.zoo.foreign;
  exports ernie4j.zoo.huggingface;
  exports ernie4j.zoo.onnx;
  exports ernie4j.zoo.paddle;
  exports ernie4j.zoo.pickle;
}
