package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.report.Json;
import ernie4j.pipeline.Dialogue;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.json.ResultJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "parse",
    description = "Find intent and slots of commands.",
    mixinStandardHelpOptions = true)
public final class ParseCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      description =
          "A joint intent and slot model: a file, or the name of a pulled one (default: the bundled one).")
  @Nullable Path model;

  @Mixin Texts texts;

  /** How lines belong together as turns of dialogues. */
  static final class Turns {
    @Option(
        names = "--dialogue",
        description =
            "The texts are one dialogue, one turn a line, for models that were trained with --context-turns; a blank line starts a new dialogue.")
    boolean dialogue;

    @Option(
        names = "--json-input",
        description =
            "Every text is a JSON object: {\"text\": \"...\", \"history\": [\"...\"]}. The history is the previous turns, the oldest first.")
    boolean json;
  }

  @ArgGroup(exclusive = true)
  Turns turns = new Turns();

  @Override
  public Integer call() throws IOException {
    texts.requireOneSource();
    JointSlu slu = model == null ? JointSlu.bundled() : JointSlu.load(model);
    Dialogue dialogue = new Dialogue(slu);
    if (turns.dialogue) {
      texts.promptInTerminal("> ");
    }
    return texts.forEach(
        new Texts.Consumer() {
          @Override
          public void accept(String text) throws IOException {
            JointSlu.Turn turn =
                turns.json
                    ? TurnJson.read(text)
                    : new JointSlu.Turn(text, turns.dialogue ? dialogue.history() : List.of());
            print(
                turn,
                turns.dialogue ? dialogue.parse(text) : slu.parse(turn.text(), turn.history()));
          }

          @Override
          public boolean acceptsBlank() {
            dialogue.startOver();
            return turns.dialogue;
          }
        });
  }

  private void print(JointSlu.Turn turn, JointSlu.Result result) {
    PrintWriter out = spec.commandLine().getOut();
    if (texts.json) {
      out.println(toJson(turn, result));
    } else {
      print(result, out);
    }
    texts.warnIfCut(result.truncated());
  }

  private static void print(JointSlu.Result result, PrintWriter out) {
    out.println(result.text());
    out.printf(
        Locale.ROOT,
        "  intent  %s  (%.4f)%s%n",
        result.intent(),
        result.probability(),
        result.refused() ? "  refused: not sure enough" : "");
    for (Span slot : result.slots()) {
      out.printf("  %s  %s  [%d,%d]%n", slot.type(), slot.text(), slot.start(), slot.end() - 1);
    }
  }

  private static ObjectNode toJson(JointSlu.Turn turn, JointSlu.Result result) {
    ObjectNode object = Json.texts(result.text(), null);
    if (!turn.history().isEmpty()) {
      turn.history().forEach(object.putArray("history")::add);
    }
    ResultJson.add(object, result);
    return object;
  }
}
