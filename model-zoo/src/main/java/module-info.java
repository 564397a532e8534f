/**
 * Pipelines (text in, answer out), import and export, downloads, architectures by name.
 *
 * <p>Most users need a published model and the pipeline of its task. The model is downloaded once
 * and then found by name:
 *
 * <pre>{@code
 * ModelPull pull = new ModelPull(ModelRegistry.standard(), ModelCache.standard());
 * pull.pull("uie-nano", ModelPull.Options.usual(), DownloadListener.NONE);
 *
 * ExtractionSchema schema = ExtractionSchema.of("时间", "选手", "赛事名称");
 * try (InformationExtractor extractor = InformationExtractor.load("uie-nano")) {
 *   InformationExtractor.Result result = extractor.extract(text, schema);
 *   for (Extraction player : result.get("选手")) {
 *     System.out.println(player.text() + " " + player.start() + " " + player.probability());
 *   }
 * }
 * }</pre>
 *
 * <p>A model of another framework is converted first:
 *
 * <pre>{@code
 * ModelImport.Imported imported = ModelImport.read(Path.of("my-bert"));
 * ModelFile.write(Path.of("my-bert.ernie"), imported.model());
 * }</pre>
 */
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
