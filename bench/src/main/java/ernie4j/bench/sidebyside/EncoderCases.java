package ernie4j.bench.sidebyside;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.EncoderUnderTest;
import ernie4j.bench.peer.OutputCheck;
import ernie4j.bench.report.Round;
import ernie4j.engine.RaggedBatch;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** A matrix of models, batch sizes and lengths, each to be computed by two engines. */
final class EncoderCases {
  @Option(
      names = "--size",
      split = ",",
      defaultValue = "nano",
      description = "architectures with random weights, or bge-small-zh with its own; default nano")
  private List<String> sizes = List.of();

  @Option(names = "--length", split = ",", description = "tokens of a sequence; default 16")
  private List<Integer> lengths = List.of(16);

  @Option(names = "--batch", split = ",", description = "sequences of a call; default 1")
  private List<Integer> batches = List.of(1);

  /** The two sides and their threads. */
  record Sides(EncoderEngine ours, EncoderEngine peer, int threads) {}

  /** The default shapes of a command; options of the command line replace them. */
  static EncoderCases of(List<Integer> batches, List<Integer> lengths) {
    EncoderCases cases = new EncoderCases();
    cases.batches = batches;
    cases.lengths = lengths;
    return cases;
  }

  List<Case> cases(Sides sides, RunOptions run) {
    List<Case> cases = new ArrayList<>();
    for (String size : sizes) {
      for (int batch : batches) {
        for (int length : lengths) {
          cases.add(
              new Case(
                  "%s, %d x %d".formatted(size, batch, length),
                  sides.ours.name(),
                  sides.peer.name(),
                  () -> measure(size, batch, length, sides, run)));
        }
      }
    }
    return cases;
  }

  private static List<Round> measure(
      String size, int batch, int length, Sides sides, RunOptions run) {
    BenchmarkModel model = BenchmarkModel.named(size);
    RaggedBatch input = RandomTokens.batch(batch, length, model.config().vocabularySize());
    try (EncoderUnderTest a = sides.ours.load(model, sides.threads);
        EncoderUnderTest b = sides.peer.load(model, sides.threads)) {
      OutputCheck.of(sides.ours, sides.peer)
          .require(a.forward(input), b.forward(input), input.tokens(), model.config().hiddenSize());
      return run.sideBySide()
          .run(
              new Contender(sides.ours.name(), () -> a.forward(input)),
              new Contender(sides.peer.name(), () -> b.forward(input)));
    }
  }
}
