package ernie4j.bench.sidebyside;

import ernie4j.bench.peer.EncoderEngine;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the time of two encoders' forward passes. */
@Command(
    name = "encoder",
    mixinStandardHelpOptions = true,
    description = "Compares the time of two encoders' forward passes in interleaved rounds.")
public final class EncoderSideBySide implements Callable<Integer> {
  private final String[] arguments;

  @Option(names = "--ours", defaultValue = "ERNIE4J", description = "${COMPLETION-CANDIDATES}")
  private EncoderEngine ours = EncoderEngine.ERNIE4J;

  @Option(names = "--peer", defaultValue = "ONNXRUNTIME", description = "${COMPLETION-CANDIDATES}")
  private EncoderEngine peer = EncoderEngine.ONNXRUNTIME;

  @Option(names = "--threads", defaultValue = "1", description = "threads of each side; default 1")
  private int threads;

  @Mixin private EncoderCases matrix = EncoderCases.of(List.of(1), List.of(16));

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
    EncoderCases.Sides sides = new EncoderCases.Sides(ours, peer, threads);
    return run.run(matrix.cases(sides, run), EncoderSideBySide.class, arguments);
  }
}
