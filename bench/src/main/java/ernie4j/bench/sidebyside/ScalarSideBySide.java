package ernie4j.bench.sidebyside;

import ernie4j.bench.peer.EncoderEngine;
import ernie4j.engine.kernels.Kernels;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares this project's plain-Java kernels with its vector kernels. */
@Command(
    name = "scalar",
    mixinStandardHelpOptions = true,
    description = "Compares our encoder on plain-Java kernels with itself on vector kernels.")
public final class ScalarSideBySide implements Callable<Integer> {
  private final String[] arguments;

  @Mixin private EncoderCases matrix = EncoderCases.of(List.of(1), List.of(16, 32, 128));

  @Mixin private RunOptions run = new RunOptions();

  private ScalarSideBySide(String[] arguments) {
    this.arguments = arguments;
  }

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ScalarSideBySide(arguments)).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (Kernels.best().name().equals(Kernels.scalar().name())) {
      throw new IllegalStateException(
          "scalar: expected a JVM with vector kernels to compare with, but this one has none;"
              + " the line of the log says why");
    }
    EncoderCases.Sides sides =
        new EncoderCases.Sides(EncoderEngine.ERNIE4J_SCALAR, EncoderEngine.ERNIE4J, 1);
    return run.run(matrix.cases(sides, run), ScalarSideBySide.class, arguments);
  }
}
