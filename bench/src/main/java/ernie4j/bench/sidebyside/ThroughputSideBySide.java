package ernie4j.bench.sidebyside;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.Utterances;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.EncoderUnderTest;
import ernie4j.bench.peer.OnnxRuntimePadded;
import ernie4j.bench.peer.OutputCheck;
import ernie4j.bench.peer.PaddedPlan;
import ernie4j.bench.report.Round;
import ernie4j.engine.RaggedBatch;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Tokenizers;
import ernie4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares one ragged call with ONNX Runtime's padded batches of the same utterances. */
@Command(
    name = "throughput",
    mixinStandardHelpOptions = true,
    description =
        "Compares the time for utterances of mixed lengths in one call with ONNX Runtime's padded"
            + " batches.")
public final class ThroughputSideBySide implements Callable<Integer> {
  private final String[] arguments;

  @Option(
      names = "--size",
      split = ",",
      defaultValue = "nano",
      description = "architectures with random weights, or bge-small-zh; default nano")
  private List<String> sizes = List.of();

  @Option(
      names = "--corpus",
      description = "utterances in the second column; default: a built-in list")
  private @Nullable Path corpus;

  @Option(names = "--utterances", defaultValue = "32", description = "how many; default 32")
  private int count;

  @Option(names = "--threads", defaultValue = "1", description = "threads of each side; default 1")
  private int threads;

  @Option(
      names = "--plan",
      split = ",",
      description = "how ONNX Runtime is fed: ${COMPLETION-CANDIDATES}; default all")
  private List<PaddedPlan> plans = List.of(PaddedPlan.values());

  @Mixin private RunOptions run = new RunOptions();

  private ThroughputSideBySide(String[] arguments) {
    this.arguments = arguments;
  }

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ThroughputSideBySide(arguments)).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    RaggedBatch batch = encode(Utterances.of(corpus, count));
    List<Case> cases = new ArrayList<>();
    for (String size : sizes) {
      for (PaddedPlan plan : plans) {
        cases.add(
            new Case(
                "%s, %d tokens, %s".formatted(size, batch.tokens(), plan),
                EncoderEngine.ERNIE4J.name(),
                EncoderEngine.ONNXRUNTIME.name(),
                () -> measure(size, batch, plan)));
      }
    }
    return run.run(cases, ThroughputSideBySide.class, arguments);
  }

  /** Token ids by the bundled model's vocabulary, which is smaller than any model's here. */
  private static RaggedBatch encode(List<String> utterances) throws IOException {
    Tokenizer tokenizer = Tokenizers.of(JointSlu.bundledModel());
    return RaggedBatch.of(utterances.stream().map(text -> tokenizer.encode(text).ids()).toList());
  }

  private List<Round> measure(String size, RaggedBatch batch, PaddedPlan plan) {
    BenchmarkModel model = BenchmarkModel.named(size);
    try (EncoderUnderTest ours = EncoderEngine.ERNIE4J.load(model, threads);
        OnnxRuntimePadded peer = new OnnxRuntimePadded(model, batch, plan, threads)) {
      peer.run();
      OutputCheck.of(EncoderEngine.ERNIE4J, EncoderEngine.ONNXRUNTIME)
          .require(ours.forward(batch), peer.hidden(), batch.tokens(), model.config().hiddenSize());
      return run.sideBySide()
          .run(
              new Contender(EncoderEngine.ERNIE4J.name(), () -> ours.forward(batch)),
              new Contender(plan.name(), peer::run));
    }
  }
}
