package ernie4j.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the shell completion of all commands, not only of the running one. */
@Command(
    name = "completion",
    description = {
      "Print a script that lets bash and zsh complete commands and options.",
      "For this shell: source <(./ernie4j completion)"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    String script = AutoComplete.bash(Main.NAME, Main.commandLine(new Main()));
    spec.commandLine().getOut().print(script);
    return 0;
  }
}
