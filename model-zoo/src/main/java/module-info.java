/** Pipelines (text in, answer out), import and export, downloads, architectures by name. */
@org.jspecify.annotations.NullMarked
module ernie4j.zoo {
  requires static org.jspecify;
  requires transitive ernie4j.engine;
  requires transitive ernie4j.tokenizer;
  requires ernie4j.quant;
  requires transitive com.fasterxml.jackson.databind;
  requires java.net.http;

  exports ernie4j.pipeline;
  exports ernie4j.pipeline.json;
  exports ernie4j.zoo;
  exports ernie4j.zoo.cache;
  exports ernie4j.zoo.download;
}
