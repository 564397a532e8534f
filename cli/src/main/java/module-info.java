/** The {@code ernie4j} command-line program. */
@org.jspecify.annotations.NullMarked
module ernie4j.cli {
  requires static org.jspecify;
  requires static ernie4j.server;
  requires java.desktop;
  requires ernie4j.engine;
  requires ernie4j.quant;
  requires ernie4j.tokenizer;
  requires ernie4j.training;
  requires ernie4j.zoo;
  requires commons.math3;
  requires info.picocli;
  requires com.fasterxml.jackson.databind;
  requires org.knowm.xchart;

  // picocli creates the commands and sets their options by reflection.
  opens ernie4j.cli to
      info.picocli;
  opens ernie4j.cli.ask to
      info.picocli;
  opens ernie4j.cli.compress to
      info.picocli;
  opens ernie4j.cli.model to
      info.picocli;
  opens ernie4j.cli.option to
      info.picocli;
  opens ernie4j.cli.reproduce to
      info.picocli;
  opens ernie4j.cli.serve to
      info.picocli;
  opens ernie4j.cli.task to
      info.picocli;
  opens ernie4j.cli.train to
      info.picocli;
}
