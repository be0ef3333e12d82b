-- What the BPF needs and no other row knows: the exercise's turnover and expenses (frames C share and D).
create table bpf_input (
  period_from date not null,
  period_to date not null,
  turnover_cents bigint not null check (turnover_cents >= 0),
  expenses_total_cents bigint not null check (expenses_total_cents >= 0),
  expenses_trainers_pay_cents bigint not null check (expenses_trainers_pay_cents >= 0),
  expenses_purchases_cents bigint not null check (expenses_purchases_cents >= 0),
  version integer not null default 1,
  updated_at timestamptz not null,
  primary key (period_from, period_to),
  constraint bpf_input_period check (period_to >= period_from),
  constraint bpf_input_of_which check (expenses_trainers_pay_cents <= expenses_total_cents
    and expenses_purchases_cents <= expenses_total_cents)
);
