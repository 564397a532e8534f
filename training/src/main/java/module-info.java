/** Autograd, losses, optimizers and the trainer: fine-tuning in pure Java. */
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
