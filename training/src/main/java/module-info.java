/**
 * Fine-tuning, evaluation, distillation, pruning and quantization-aware training in pure Java, with
 * an autograd of its own.
 *
 * <p>Most users fine-tune an encoder for a task, evaluate the result and load it as a pipeline:
 *
 * <pre>{@code
 * Path folder = Path.of("classifier");
 * TaskSetup setup = TaskSetup.load("bge-small-zh", 128);
 * Objective objective = ClassificationObjective.of(setup, Path.of("train.tsv"), 0.1);
 * TrainingHistory history = setup.fineTune(objective, TrainingOptions.defaults(), folder);
 * System.out.println(history.best().orElseThrow().metrics());
 *
 * try (TextClassifier classifier = TextClassifier.load(folder.resolve(Trainer.MODEL))) {
 *   List<TextExample> test = TextFiles.read(Path.of("test.tsv"), null);
 *   System.out.println(ClassificationEvaluation.of(classifier, test).metrics());
 *   System.out.println(classifier.classify("性价比很高").label());
 * }
 * }</pre>
 *
 * <p>A fine-tuned model can then be made smaller ({@link ernie4j.training.pruning.WidthPruning}),
 * or trained further so that it loses little as an int8 model ({@link
 * ernie4j.training.quantization.QatTask}).
 */
@org.jspecify.annotations.NullMarked
module ernie4j.training {
  requires static org.jspecify;
  requires transitive ernie4j.engine;
  requires transitive ernie4j.quant;
  requires transitive ernie4j.tokenizer;
  requires transitive ernie4j.zoo;
  requires com.fasterxml.jackson.databind;
  requires commons.math3;

  exports ernie4j.training;
  exports ernie4j.training.annotation;
  exports ernie4j.training.autograd;
  exports ernie4j.training.data;
  exports ernie4j.training.distillation;
  exports ernie4j.training.evaluation;
  exports ernie4j.training.metrics;
  exports ernie4j.training.model;
  exports ernie4j.training.optimizer;
  exports ernie4j.training.pruning;
  exports ernie4j.training.quantization;
  exports ernie4j.training.task;
}
