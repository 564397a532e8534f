package ernie4j.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ernie4j.server.task.RequestException;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  @Test
  void refusesWhatDoesNotFitWithoutReservingIt() {
    MemoryBudget memory = new MemoryBudget(10_000);
    Exchange first = new Exchange();
    Exchange second = new Exchange();
    memory.reserveBody(first, 1000);
    assertThat(memory.reserved()).isEqualTo(8000);
    RequestException refusal =
        catchThrowableOfType(RequestException.class, () -> memory.reserveBody(second, 500));
    assertThat(refusal.status()).isEqualTo(429);
    memory.reserveResponse(second, 2000);
    assertThat(memory.reserved()).isEqualTo(10_000);
    memory.release(second);
    memory.release(first);
    assertThat(memory.reserved()).isZero();
  }

  @Test
  void acceptsASingleRequestOfAnySize() {
    MemoryBudget memory = new MemoryBudget(10);
    Exchange exchange = new Exchange();
    memory.reserveBody(exchange, 1000);
    memory.reserveResponse(exchange, 0);
    memory.release(exchange);
    assertThat(memory.reserved()).isZero();
  }
}
