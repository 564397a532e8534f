package ernie4j.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** All commands and options as one page in Markdown, from what picocli knows of them. */
final class CommandReference {
  private static final String INTRODUCTION =
      """
      # Commands

      This page is generated from the program: `./ernie4j COMMAND --help` says the same.

      Every command also takes these options:

      | option | meaning |
      |---|---|
      """;

  private final StringBuilder page = new StringBuilder(INTRODUCTION);
  private final List<OptionSpec> everywhere;

  private CommandReference(CommandSpec program) {
    everywhere = program.options().stream().filter(option -> !option.hidden()).toList();
  }

  /** The page. */
  static String page() {
    CommandLine program = Main.commandLine(new Main());
    CommandReference reference = new CommandReference(program.getCommandSpec());
    reference.rows(reference.everywhere);
    reference.exitCodes(program.getCommandSpec());
    reference.contents(program);
    program.getSubcommands().values().forEach(command -> reference.describe(command, 2));
    return reference.page.toString();
  }

  private void exitCodes(CommandSpec program) {
    page.append("\n| exit code | meaning |\n|---|---|\n");
    program
        .usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> page.append(row(code.strip(), meaning)));
  }

  private void contents(CommandLine program) {
    page.append("\n| command | |\n|---|---|\n");
    program
        .getSubcommands()
        .values()
        .forEach(
            command -> {
              String name = name(command.getCommandSpec());
              page.append(
                  row("[%s](#%s)".formatted(name, name), description(command.getCommandSpec())));
            });
  }

  private void describe(CommandLine command, int level) {
    CommandSpec spec = command.getCommandSpec();
    page.append("\n%s %s\n\n".formatted("#".repeat(level), name(spec)));
    page.append(description(spec)).append('\n');
    page.append("\n```\n").append(synopsis(spec)).append("\n```\n");
    List<PositionalParamSpec> parameters =
        spec.positionalParameters().stream().filter(parameter -> !parameter.hidden()).toList();
    List<OptionSpec> options = ownOptions(spec);
    if (parameters.size() + options.size() > 0) {
      page.append("\n| option | meaning |\n|---|---|\n");
      parameters.forEach(p -> page.append(row("`" + p.paramLabel() + "`", text(p.description()))));
      rows(options);
    }
    footer(spec);
    command.getSubcommands().values().forEach(subcommand -> describe(subcommand, level + 1));
  }

  private List<OptionSpec> ownOptions(CommandSpec spec) {
    return spec.options().stream()
        .filter(option -> !option.hidden())
        .filter(
            option ->
                everywhere.stream()
                    .noneMatch(other -> other.longestName().equals(option.longestName())))
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .toList();
  }

  private void rows(List<OptionSpec> options) {
    for (OptionSpec option : options) {
      String names =
          Stream.of(option.names()).map(name -> "`" + name + "`").collect(Collectors.joining(", "));
      if (option.arity().max() > 0) {
        names = names.substring(0, names.length() - 1) + " " + option.paramLabel() + "`";
      }
      // In a group, an option is required only together with the others; the synopsis shows groups.
      boolean required = option.required() && option.group() == null;
      page.append(row(names, text(option.description()) + (required ? " Required." : "")));
    }
  }

  private void footer(CommandSpec spec) {
    String[] lines = spec.usageMessage().footer();
    if (lines.length > 0) {
      page.append('\n').append(unformatted(spec.usageMessage().footerHeading()).strip());
      page.append("\n\n```\n");
      Stream.of(lines).forEach(line -> page.append(unformatted(line).strip()).append('\n'));
      page.append("```\n");
    }
  }

  /** Required arguments in full; the others are in the table. */
  private String synopsis(CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of(spec.qualifiedName()));
    if (!spec.subcommands().isEmpty()) {
      words.add(
          spec.usageMessage().synopsisSubcommandLabel().isEmpty()
              ? "COMMAND"
              : spec.usageMessage().synopsisSubcommandLabel());
      return String.join(" ", words);
    }
    List<OptionSpec> options = ownOptions(spec);
    boolean all = true;
    for (OptionSpec option : options) {
      if (option.required() && option.group() == null) {
        words.add(option.longestName() + " " + option.paramLabel());
      } else {
        all = false;
      }
    }
    for (ArgGroupSpec group : spec.argGroups()) {
      if (group.multiplicity().min() > 0) {
        words.add(group.args().stream().map(this::alternative).collect(group(group)));
      }
    }
    if (!all) {
      words.add("[OPTIONS]");
    }
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
      words.add(parameter.required() ? label : "[" + label + "]");
    }
    return String.join(" ", words);
  }

  private String alternative(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : argument.paramLabel();
  }

  private static Collector<CharSequence, ?, String> group(ArgGroupSpec group) {
    return Collectors.joining(group.exclusive() ? " | " : " ", "(", ")");
  }

  /** The words that follow the name of the program. */
  private static String name(CommandSpec spec) {
    return spec.qualifiedName().substring(Main.NAME.length() + 1);
  }

  private static String description(CommandSpec spec) {
    return text(spec.usageMessage().description());
  }

  private static String text(String... description) {
    return unformatted(String.join(" ", description)).replace('\n', ' ').strip();
  }

  /** Picocli's texts are patterns of String.format without arguments. */
  private static String unformatted(String pattern) {
    return pattern.replace("%n", "\n").replace("%%", "%");
  }

  private static String row(String first, String second) {
    return "| %s | %s |\n"
        .formatted(first.replace("|", "\\|"), second.replace("|", "\\|").replace("<", "&lt;"));
  }
}
