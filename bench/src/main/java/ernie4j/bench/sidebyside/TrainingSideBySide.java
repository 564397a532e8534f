package ernie4j.bench.sidebyside;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.JointBatch;
import ernie4j.bench.peer.OutputCheck;
import ernie4j.bench.peer.StepOptions;
import ernie4j.bench.peer.TrainingEngine;
import ernie4j.bench.peer.TrainingStepUnderTest;
import ernie4j.bench.report.Round;
import ernie4j.engine.EncoderConfig;
import ernie4j.zoo.Architectures;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the training step of the joint intent and slot model with a peer's. */
@Command(
    name = "TrainingSideBySide",
    mixinStandardHelpOptions = true,
    description = "Compares two training steps in interleaved rounds.")
public final class TrainingSideBySide implements Callable<Integer> {
  private static final int CHECKED_STEPS = 3;
  private static final float TOLERANCE = 1e-3f;

  private final String[] arguments;

  @Option(names = "--size", defaultValue = "nano", description = "architecture (default nano)")
  private String size = "";

  @Option(names = "--vocabulary", defaultValue = "6000", description = "words (default 6000)")
  private int vocabulary;

  @Option(names = "--batch", defaultValue = "64", description = "sequences (default 64)")
  private int batch;

  @Option(names = "--length", defaultValue = "16", description = "tokens of each (default 16)")
  private int length;

  @Option(names = "--threads", defaultValue = "1", description = "threads (default 1)")
  private int threads;

  @Option(names = "--peer", defaultValue = "PYTORCH", description = "${COMPLETION-CANDIDATES}")
  private TrainingEngine peer = TrainingEngine.PYTORCH;

  @Mixin private RunOptions run = new RunOptions();

  private TrainingSideBySide(String[] arguments) {
    this.arguments = arguments;
  }

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TrainingSideBySide(arguments)).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    String title =
        "training step %s, vocabulary %d, batch %d x %d, %d threads"
            .formatted(size, vocabulary, batch, length, threads);
    Case only = new Case(title, TrainingEngine.ERNIE4J.name(), peer.name(), this::measure);
    return run.run(List.of(only), TrainingSideBySide.class, arguments);
  }

  private List<Round> measure() {
    EncoderConfig named = Architectures.of(size);
    BenchmarkModel start = BenchmarkModel.joint(named.withVocabularySize(vocabulary));
    StepOptions options = StepOptions.fineTuning(threads);
    OutputCheck.requireClose(
        losses(TrainingEngine.ERNIE4J, start, options.withoutDropout()),
        losses(peer, start, options.withoutDropout()),
        CHECKED_STEPS,
        TOLERANCE);
    JointBatch input = batch(0);
    try (TrainingStepUnderTest ours = TrainingEngine.ERNIE4J.load(start, options);
        TrainingStepUnderTest theirs = peer.load(start, options)) {
      return run.sideBySide()
          .run(
              new Contender(TrainingEngine.ERNIE4J.name(), () -> ours.step(input)),
              new Contender(peer.name(), () -> theirs.step(input)));
    }
  }

  /** The losses of the first steps. */
  private float[] losses(TrainingEngine engine, BenchmarkModel start, StepOptions options) {
    float[] losses = new float[CHECKED_STEPS];
    try (TrainingStepUnderTest step = engine.load(start, options)) {
      for (int i = 0; i < CHECKED_STEPS; i++) {
        losses[i] = step.step(batch(i));
      }
    }
    return losses;
  }

  private JointBatch batch(long seed) {
    return JointBatch.random(batch, length, vocabulary, seed);
  }
}
