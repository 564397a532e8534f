package ernie4j.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * A conversation: remembers what was said, so that a model that reads context understands what is
 * said next. For one thread; the pipeline may be shared.
 *
 * <pre>{@code
 * Dialogue dialogue = new Dialogue(slu);
 * dialogue.parse("导航去机场");
 * dialogue.parse("取消").intent();  // cancels the route, not a song
 * }</pre>
 */
public final class Dialogue {
  private final JointSlu slu;
  private final List<String> turns = new ArrayList<>();

  /** A conversation in which nothing was said yet. */
  public Dialogue(JointSlu slu) {
    this.slu = slu;
  }

  /**
   * Understands what is said next, and remembers it.
   *
   * @throws IllegalArgumentException if the text has no tokens; it is not remembered then
   */
  public JointSlu.Result parse(String text) {
    JointSlu.Result result = slu.parse(text, turns);
    turns.add(text);
    int beyond = turns.size() - slu.contextTurns();
    turns.subList(0, Math.max(0, beyond)).clear();
    return result;
  }

  /** What the model will read before the next text, the oldest first. */
  public List<String> history() {
    return List.copyOf(turns);
  }

  /** Forgets all that was said. */
  public void startOver() {
    turns.clear();
  }
}
