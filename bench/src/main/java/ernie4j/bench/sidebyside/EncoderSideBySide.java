package ernie4j.bench.sidebyside;

import ernie4j.bench.input.RandomModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.EncoderUnderTest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the latency of two encoders, one sequence at a time on one thread. */
@Command(
    name = "EncoderSideBySide",
    mixinStandardHelpOptions = true,
    description = "Compares the latency of two encoders in interleaved rounds.")
public final class EncoderSideBySide implements Callable<Integer> {
  private static final int VOCABULARY = 40000;
  private static final float TOLERANCE = 2e-5f;

  private final String[] arguments;

  @Option(names = "--size", defaultValue = "nano", description = "architecture (default nano)")
  private String size = "";

  @Option(names = "--length", defaultValue = "16", description = "tokens (default 16)")
  private int length;

  @Option(names = "--ours", defaultValue = "ERNIE4J", description = "${COMPLETION-CANDIDATES}")
  private EncoderEngine ours = EncoderEngine.ERNIE4J;

  @Option(names = "--peer", defaultValue = "ONNXRUNTIME", description = "${COMPLETION-CANDIDATES}")
  private EncoderEngine peer = EncoderEngine.ONNXRUNTIME;

  @Mixin private RunOptions run = new RunOptions();

  private EncoderSideBySide(String[] arguments) {
    this.arguments = arguments;
  }

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new EncoderSideBySide(arguments)).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    String title = "encoder %s, %d tokens".formatted(size, length);
    run.run(
        new RunOptions.Names(title, ours.name(), peer.name()),
        EncoderSideBySide.class,
        arguments,
        this::measure);
    return 0;
  }

  private List<Round> measure() {
    RandomModel model = RandomModel.encoder(size, VOCABULARY);
    int[] ids = RandomTokens.sequence(length, VOCABULARY, 1);
    try (EncoderUnderTest a = ours.load(model);
        EncoderUnderTest b = peer.load(model)) {
      SideBySide.requireSameOutput(
          a.forward(ids), b.forward(ids), length * model.config().hiddenSize(), TOLERANCE);
      return run.sideBySide()
          .run(
              new Contender(ours.name(), () -> a.forward(ids)),
              new Contender(peer.name(), () -> b.forward(ids)));
    }
  }
}
