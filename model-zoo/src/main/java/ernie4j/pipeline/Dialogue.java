package ernie4j.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * A conversation: it remembers what was said, so that a model that reads context understands the
 * next utterance. For one thread; the pipeline may be shared.
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

  /**
   * Starts a conversation in which nothing has been said yet.
   *
   * @param slu understands the utterances; a model that reads no context takes each on its own
   */
  public Dialogue(JointSlu slu) {
    this.slu = slu;
  }

  /**
   * Understands the next utterance and remembers it.
   *
   * @param text what is said next
   * @return its intent and slots
   * @throws IllegalArgumentException if the text has no tokens; it is then not remembered
   */
  public JointSlu.Result parse(String text) {
    JointSlu.Result result = slu.parse(text, turns);
    turns.add(text);
    int beyond = turns.size() - slu.contextTurns();
    turns.subList(0, Math.max(0, beyond)).clear();
    return result;
  }

  /** {@return what the model will read before the next text, the oldest first; unmodifiable} */
  public List<String> history() {
    return List.copyOf(turns);
  }

  /** Forgets everything that was said. */
  public void startOver() {
    turns.clear();
  }
}
