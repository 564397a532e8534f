package ernie4j.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** All commands of the program, for tests of what must hold for each. */
public final class Commands {
  private Commands() {}

  /** The commands that do something: those without subcommands. */
  public static Set<CommandSpec> all() {
    Set<CommandSpec> leaves = new LinkedHashSet<>();
    collect(Main.commandLine(new Main()), leaves);
    return leaves;
  }

  private static void collect(CommandLine commandLine, Set<CommandSpec> leaves) {
    if (commandLine.getSubcommands().isEmpty()) {
      leaves.add(commandLine.getCommandSpec());
    }
    commandLine.getSubcommands().values().forEach(c -> collect(c, leaves));
  }

  /** The words that a user types for a command. */
  public static List<String> words(CommandSpec command) {
    List<String> words = new ArrayList<>(Arrays.asList(command.qualifiedName().split(" ", -1)));
    return words.subList(1, words.size());
  }

  /** Whether a command takes an option from these words, whatever else is missing or wrong. */
  public static boolean reads(List<String> command, String option, String... words) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(words));
    CommandLine commandLine = Main.commandLine(new Main(), all.toArray(String[]::new));
    collectErrors(commandLine);
    ParseResult result = commandLine.parseArgs(all.toArray(String[]::new));
    while (result.hasSubcommand()) {
      result = result.subcommand();
    }
    return result.hasMatchedOption(option);
  }

  private static void collectErrors(CommandLine commandLine) {
    commandLine.getCommandSpec().parser().collectErrors(true);
    commandLine.getSubcommands().values().forEach(Commands::collectErrors);
  }
}
